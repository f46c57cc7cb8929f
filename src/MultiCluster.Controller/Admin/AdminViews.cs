using System.Collections.Immutable;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Sessions;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>The model as the admin API shows it.</summary>
internal static class AdminViews
{
    public static MemberView Of(MemberProtocol.MemberStatus status) => new(
        status.Member.Value,
        status.Source,
        status.Complete,
        status.Stale.Count == 0,
        status.Ingresses,
        status.Services,
        status.Endpoints,
        status.LastEvent,
        [.. status.Stale.Select(static stale => $"{stale.Kind}: {stale.Reason}"), .. status.Problems]);

    public static RouteView Of(Route route, TableIndex table) => Of(route, table.Endpoints(route.Backend));

    public static RouteView Of(Route route, int endpoints) => new(
        HostOf(route.Key),
        PathOf(route.Key),
        route.Key.Match.ToString(),
        route.Ingress.ToString(),
        route.Backend.Ref.ToString(),
        [.. route.Backend.Members.Select(static member => member.Value)],
        endpoints,
        Owner: true);

    public static IngressView Of(EntityProtocol.IngressState state, TableIndex table)
    {
        var fragment = state.Fragment!;
        return new IngressView(
            state.Key.Namespace,
            state.Key.Name,
            [.. fragment.AcceptedMembers.Select(static member => member.Value)],
            [.. fragment.Routes.Select(static claim => HostOf(claim.Key)).Distinct(StringComparer.Ordinal)],
            [.. fragment.Certificates.Select(static claim => claim.Host)],
            [.. fragment.Routes.Select(claim => Of(claim, state.Key, table))],
            [.. state.Conditions.Concat(table.ServiceConditions(fragment.Routes)).Select(Of)]);
    }

    /// <summary>A proxy elsewhere, as its session with this node shows it.</summary>
    public static ProxyView Of(SessionView session) => new(
        session.Proxy,
        session.InSnapshot ? "Starting" : "Connected",
        session.AppliedPosition == session.TablePosition ? null : $"holds {session.AppliedPosition} of {session.TablePosition}",
        Version: "",
        MasterPid: 0,
        WorkerPid: 0,
        Adopted: false,
        session.TablePosition,
        session.AppliedPosition,
        StartFileVersion: 0,
        Routes: 0,
        Backends: 0,
        Servers: 0,
        Certificates: 0,
        PoolSize: 0,
        PoolUsed: 0,
        CommandsSent: 0,
        CommandsRefused: 0,
        session.Refused.Count,
        Resyncs: 0,
        MasterReloads: 0,
        ReloadsByReason: ImmutableDictionary<string, long>.Empty,
        FailedReloadsByReason: ImmutableDictionary<string, long>.Empty,
        Listens: [])
    {
        Remote = new RemoteProxyView(session.Peer, session.Incarnation, session.Since, session.TablePosition, session.AckedPosition, session.AppliedPosition, session.Waiting),
    };

    public static ProxyDetailView DetailOf(SessionView session) => new(
        Of(session), [.. session.Refused.Select(static refused => new RefusedView(refused.Key, refused.Value))], []);

    /// <summary>For people: whom an agent listens to.</summary>
    public static string Of(AgentView agent) => agent.Address is { } address
        ? $"{agent.Node} at {address}"
        : $"none: {agent.Problem ?? "not connected"}";

    private static RouteView Of(RouteClaim claim, ObjectKey ingress, TableIndex table)
    {
        var route = table.Find(claim.Key);
        // Of several that share a route each owns its part of the requests.
        var own = route?.Ingress == ingress ? route : route?.Alternatives.Items.FirstOrDefault(taker => taker.Ingress == ingress);
        var owns = own is not null;
        var backend = own?.Backend ?? new BackendKey(claim.Backend, claim.Members);
        return new RouteView(
            HostOf(claim.Key),
            PathOf(claim.Key),
            claim.Key.Match.ToString(),
            ingress.ToString(),
            claim.Backend.ToString(),
            [.. backend.Members.Select(static member => member.Value)],
            table.Endpoints(backend),
            owns);
    }

    private static ConditionView Of(CopyCondition condition) => new(
        condition.Member.Value, condition.Condition.Type.ToString(), condition.Condition.Status, condition.Condition.Reason, condition.Condition.Message, condition.Condition.Details.Items);

    private static string HostOf(RouteKey key) => key.Host.Length == 0 ? "*" : key.Host;

    private static string PathOf(RouteKey key) => key.Path.Length == 0 ? "/" : key.Path;
}
