using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <param name="Node">Name of this controller node.</param>
/// <param name="Incarnation">One life of it.</param>
/// <param name="Shards">Of the cluster; 1 where there is none.</param>
/// <param name="IsOnly">There is no other controller.</param>
/// <param name="Source">Asked for all rows at each start of the hub, by <see cref="SessionProtocol.GetRows"/>; null where the source tells by itself.</param>
/// <param name="Epochs">Gets <see cref="SessionProtocol.EpochSeen"/>; null where epochs can't be raised.</param>
public sealed record HubSettings(
    string Cluster, string Node, string Incarnation, int Shards, bool IsOnly, SessionOptions Options, IActorRef? Source, IActorRef? Epochs, ILogger Logger);

/// <summary>This node's rows for all its proxies, each of which has a session below.</summary>
public sealed partial class ProxyHub(HubSettings settings) : Actor
{
    private static readonly HubMessages.GoElsewhere GoElsewhere = new("this node hears of no other controller; others may know more");

    private readonly RowTable _rows = new(settings.Shards);
    private readonly Dictionary<IActorRef, SessionView> _sessions = [];

    /// <summary>With the names of their proxies.</summary>
    private readonly Dictionary<IActorRef, string> _subscribers = [];
    private readonly List<FragmentUpdate> _news = [];
    private readonly HashSet<string> _sentAway = new(StringComparer.Ordinal);
    private Readiness? _readiness;
    private long _position;
    private long _started;
    private long _highestEpoch;
    private bool _isCutOff;

    protected override ValueTask PreStartAsync()
    {
        settings.Source?.Tell(new SessionProtocol.GetRows(), Self);
        settings.Epochs?.Tell(new SessionProtocol.HubStarted(), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case SessionProtocol.RowsChanged changed:
                Take(changed.Rows);
                break;
            case SessionProtocol.BaselinesChanged baselines:
                for (var shard = 0; shard < Math.Min(baselines.Shards.Count, _rows.Shards); shard++)
                    _rows.Adopt(shard, baselines.Shards[shard]);
                break;
            case RouteTableProtocol.ReadinessChanged changed:
                Flush();
                _readiness = changed.Readiness;
                Tell(changed.Readiness);
                break;
            case SessionProtocol.CutOff cutOff:
                OnCutOff(cutOff.IsCutOff);
                break;
            case SessionProtocol.Accept accept:
                Start(accept.Connection);
                break;
            case AgentMessage.Hello hello:
                Subscribe(hello);
                break;
            case SessionStep.Fetch fetch:
                Flush();
                Context.Reply(new HubMessages.ShardContents(fetch.Shard, _rows.Contents(fetch.Shard), _rows.Digest(fetch.Shard).Baseline));
                break;
            case SessionStep.Compare:
                Flush();
                Context.Reply(new HubMessages.Digests(_position, _rows.Digests));
                break;
            case SessionView view:
                _sessions[Sender!] = view;
                break;
            case SessionProtocol.GetSessions:
                Flush();
                Context.Reply(new SessionProtocol.Sessions([.. _sessions.Values.OrderBy(static view => view.Proxy, StringComparer.Ordinal)], _position));
                break;
            case Terminated terminated:
                _sessions.Remove(terminated.Actor);
                _subscribers.Remove(terminated.Actor);
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        Flush();
        return default;
    }

    private void Take(ImmutableArray<FragmentUpdate> rows)
    {
        foreach (var row in rows)
        {
            if (_rows.Merge(row))
                _news.Add(row);
        }
    }

    /// <summary>News of a whole batch is one position.</summary>
    private void Flush()
    {
        if (_news.Count == 0)
            return;
        var changed = new HubMessages.Changed(++_position, [.. _news]);
        _news.Clear();
        Tell(changed);
    }

    private void Tell(object message)
    {
        foreach (var subscriber in _subscribers.Keys)
            subscriber.Tell(message, Self);
    }

    private void Start(IDuplex<ControllerMessage, AgentMessage> connection)
    {
        var session = new SessionSettings(settings.Cluster, connection, settings.Options, settings.Logger);
        var props = Props.Create(() => new ProxySession(session))
            .WithMailbox(new MailboxOptions { Capacity = int.MaxValue });
        Context.Watch(Context.ActorOf(props, $"session-{++_started}"));
    }

    private void OnCutOff(bool isCutOff)
    {
        _isCutOff = isCutOff;
        _sentAway.Clear();
        if (isCutOff)
        {
            LogCutOff(settings.Logger, _sessions.Count);
            _sentAway.UnionWith(_subscribers.Values);
            Tell(GoElsewhere);
        }
        else
        {
            LogReached(settings.Logger);
        }
    }

    private void Subscribe(AgentMessage.Hello hello)
    {
        // Who comes again has found nobody else: a part of the truth is then better than none.
        if (_isCutOff && _sentAway.Add(hello.Proxy))
        {
            Context.Reply(GoElsewhere);
            return;
        }

        Flush();
        _subscribers[Sender!] = hello.Proxy;
        if (hello.HighestEpoch > Math.Max(_highestEpoch, _rows.HighestEpoch))
        {
            _highestEpoch = hello.HighestEpoch;
            LogHigherEpoch(settings.Logger, hello.Proxy, hello.HighestEpoch, _rows.HighestEpoch);
            settings.Epochs?.Tell(new SessionProtocol.EpochSeen(hello.HighestEpoch), Self);
        }

        var welcome = new ControllerMessage.Welcome(settings.Cluster, settings.Node, settings.Incarnation, _rows.HighestEpoch, _rows.Shards, settings.IsOnly);
        Context.Reply(new HubMessages.Subscribed(welcome, _position, Baselines(), Differing(hello.Shards), _readiness));
    }

    private EquatableArray<FragmentVersion> Baselines() => new([.. _rows.Digests.Select(static digest => digest.Baseline)]);

    private ImmutableArray<int> Differing(EquatableArray<ShardDigest> shards)
    {
        var all = Enumerable.Range(0, _rows.Shards);
        return shards.Count != _rows.Shards ? [.. all] : [.. all.Where(shard => shards[shard].Hash != _rows.Digest(shard).Hash)];
    }
}
