using System.Collections.Immutable;
using MultiCluster.Controller.Entities;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Routing;

/// <summary>What others ask.</summary>
public sealed partial class RouteTable
{
    private void Answer(object query)
    {
        ApplyPending();
        switch (query)
        {
            case RouteTableProtocol.GetRoutes:
                Context.Reply(new RouteTableProtocol.Routes(_table.Snapshot()));
                break;
            case RouteTableProtocol.GetIngressNames:
                var keys = _table.Rows.Where(static row => row.Entity.Kind == EntityKind.Ingress && row.Fragment is not null).Select(static row => row.Entity.Key);
                Context.Reply(new RouteTableProtocol.IngressNames([.. keys.Order()]));
                break;
            case RouteTableProtocol.GetIngressRows(var ingresses):
                var rows = ingresses.Select(key => _table.Row(EntityId.Ingress(key))?.Fragment).OfType<Fragment.Ingress>();
                Context.Reply(new RouteTableProtocol.IngressRows(rows.ToImmutableDictionary(static row => row.Key), Traits()));
                break;
            case RouteTableProtocol.GetHostHolders(var hosts):
                Context.Reply(new RouteTableProtocol.HostHolders(_readiness.MayStart ? _table.Holders(hosts) : null));
                break;
            case RouteTableProtocol.GetMembers:
                Context.Reply(new RouteTableProtocol.Members(Traits()));
                break;
            case RouteTableProtocol.GetReadiness:
                Context.Reply(_readiness);
                break;
            case RouteTableProtocol.Explain explain:
                var explanation = _table.Explain(explain.Host, explain.Path);
                var backends = explanation.Candidates.Items.SelectMany(static route => route.Alternatives.Items.Append(route)).Select(static route => route.Backend).Distinct();
                Context.Reply(new RouteTableProtocol.Explained(explanation, backends.ToImmutableDictionary(static backend => backend, _table.Endpoints)));
                break;
            default:
                Unhandled(query);
                break;
        }
    }
}
