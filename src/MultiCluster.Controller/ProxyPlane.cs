using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller;

/// <summary>
/// An agent and its HAProxy's instance, with one fate: the instance holds what the agent has told it once. After a failure the agent
/// connects anew, and the instance adopts the HAProxy that runs.
/// </summary>
public sealed partial class ProxyPlane(ProxyNodeOptions options, TimeProvider time, ILogger logger) : Actor
{
    private static readonly OneForOneStrategy OneFate = new(static _ => Directive.Escalate);
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    /// <summary>As far behind as the start file, which the memory is about.</summary>
    private static readonly TimeSpan RememberInterval = TimeSpan.FromSeconds(1);

    private Tree? _tree;
    private AgentMemory? _remembered;
    private string? _problem;

    public static Props Props(ProxyNodeOptions options, TimeProvider time, ILogger logger) =>
        Actors.Props.Create(() => new ProxyPlane(options, time, logger)).WithSupervisor(OneFate).WithMailbox(Unbounded);

    protected override ValueTask PreStartAsync()
    {
        _remembered = options.Memory.Load();
        var settings = options.Agent with { Memory = _remembered };
        var agent = Context.ActorOf(Actors.Props.Create(() => new ProxyAgent(settings)).WithMailbox(Unbounded), "agent");
        var instance = Context.ActorOf(
            Actors.Props.Create(() => new HAProxyInstance(options.Proxy, agent, time, reportsApplied: true)).WithMailbox(Unbounded), "haproxy");
        _tree = new Tree(agent, instance);
        Context.Timers.StartPeriodic(RememberDue.Instance, RememberInterval, RememberDue.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case GetTree:
                Context.Reply(_tree!);
                break;
            case RememberDue:
                _tree!.Agent.Tell(new SessionProtocol.GetAgent(), Self);
                break;
            case AgentView view:
                if (view.Memory is { } memory && memory != _remembered)
                    Remember(memory);
                if (view.HasDrains)
                    _tree!.Proxy.Tell(new ProxyProtocol.GetTraffic(), Self);
                break;
            case ProxyProtocol.Traffic { Problem: null } traffic:
                _tree!.Agent.Tell(new SessionProtocol.LoadsMeasured(LoadsOf(traffic)), Self);
                break;
            case ProxyProtocol.Traffic:
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private static EquatableArray<MemberLoad> LoadsOf(ProxyProtocol.Traffic traffic) =>
        traffic.SessionsByMember.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => new MemberLoad(new MemberName(item.Key), item.Value)).ToEquatableArray();

    private void Remember(AgentMemory memory)
    {
        var problem = options.Memory.Save(memory);
        if (problem is null)
            _remembered = memory;
        else if (problem != _problem)
            LogNotRemembered(logger, problem);
        _problem = problem;
    }

    [LoggerMessage(1701, LogLevel.Warning, "How far HAProxy has come can't be kept, so after a restart a controller that is behind may be believed: {Reason}")]
    private static partial void LogNotRemembered(ILogger logger, string reason);

    /// <summary>Answered with a <see cref="Tree"/>.</summary>
    public sealed record GetTree;

    /// <summary>The actors of the present life.</summary>
    public sealed record Tree(IActorRef Agent, IActorRef Proxy);

    private sealed record RememberDue
    {
        public static readonly RememberDue Instance = new();
    }
}
