using System.Threading.Channels;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Rehearsals;

/// <summary>Plans for a HAProxy that isn't there, and takes every command for done.</summary>
internal sealed class RehearsedProxy : Actor
{
    private readonly IActorRef _table;
    private readonly ChannelWriter<string> _seen;
    private readonly Reconciler _reconciler;

    public RehearsedProxy(IActorRef table, ChannelWriter<string> seen)
    {
        _table = table;
        _seen = seen;
        var features = new ProxyFeatures(DynamicBackends: false);
        var commands = new Commands(new ProgramPaths("/nowhere", "/nowhere/socket"));
        _reconciler = new Reconciler(new DesiredData(new BackendPool(features, 8, [])), new Planner(commands, features));
    }

    protected override ValueTask PreStartAsync()
    {
        _table.Tell(new RouteTableProtocol.Subscribe(), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case RouteTableProtocol.Snapshot snapshot:
                Apply(snapshot.Table);
                break;
            case RouteTableProtocol.Changed changed:
                Apply(changed.Delta);
                break;
            case RouteTableProtocol.ReadinessChanged:
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Apply(RoutingDelta delta)
    {
        _reconciler.Apply(delta);
        while (_reconciler.Next() is { IsEmpty: false } plan)
            _reconciler.Settle(plan, [.. plan.Commands.Select(static item => Confirmation(item.Command.Expect))]);
        foreach (var server in _reconciler.Desired.Backends.SelectMany(static backend => backend.Servers.Values))
            _seen.TryWrite(server.Address);
    }

    private static string Confirmation(ReplyRule rule) => rule switch
    {
        ReplyRule.ServerAdded => "New server registered.",
        ReplyRule.ServerDeleted => "Server deleted.",
        _ => "",
    };
}
