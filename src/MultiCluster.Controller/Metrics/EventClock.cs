using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Metrics;

/// <summary>
/// How long an event of a member takes until the routing table has what follows from it, and until HAProxy holds it, both in this
/// process: clocks of two machines are not compared. An event that changes nothing is forgotten.
/// </summary>
public sealed class EventClock
{
    /// <summary>What is older has changed nothing, and the next event of its object counts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int MostWaiting = 10_000;

    private readonly TimeProvider _time;
    private readonly Histogram<double> _published;
    private readonly Histogram<double> _applied;
    private readonly ConcurrentDictionary<EntityId, Event> _events = new();
    private readonly ConcurrentQueue<(long Version, Event Event)> _waiting = new();
    private readonly List<Event> _taken = [];

    internal EventClock(Meter meter, TimeProvider time)
    {
        _time = time;
        _published = meter.CreateHistogram<double>("multicluster.event.published", "s");
        _applied = meter.CreateHistogram<double>("multicluster.event.applied", "s");
    }

    /// <summary>By the watcher: the owner of the object is told next.</summary>
    /// <param name="received">A timestamp.</param>
    public void Saw(EntityId entity, MemberName member, long received)
    {
        var now = new Event(member, received);
        _events.AddOrUpdate(
            entity, static (_, next) => next.now, static (_, before, next) => next.time.GetElapsedTime(before.Received, next.now.Received) < Longest ? before : next.now, (now, time: _time));
    }

    /// <summary>By the routing table alone, which has the object's row now.</summary>
    public void Took(EntityId entity)
    {
        if (_events.TryRemove(entity, out var seen) && _time.GetElapsedTime(seen.Received) < Longest * 2)
            _taken.Add(seen);
    }

    /// <summary>By the routing table alone: what it took is in this version.</summary>
    /// <param name="version">Null when nothing came of it that proxies should know.</param>
    public void Published(long? version)
    {
        foreach (var item in _taken)
        {
            _published.Record(_time.GetElapsedTime(item.Received).TotalSeconds, new KeyValuePair<string, object?>("member", item.Member.Value));
            if (version is { } next && _waiting.Count < MostWaiting)
                _waiting.Enqueue((next, item));
        }

        _taken.Clear();
    }

    /// <summary>By the instance of this process' HAProxy, which holds this version.</summary>
    public void Applied(string proxy, long version)
    {
        while (_waiting.TryPeek(out var next) && next.Version <= version && _waiting.TryDequeue(out next))
        {
            _applied.Record(
                _time.GetElapsedTime(next.Event.Received).TotalSeconds,
                new KeyValuePair<string, object?>("member", next.Event.Member.Value),
                new KeyValuePair<string, object?>("proxy", proxy));
        }
    }

    private sealed record Event(MemberName Member, long Received);
}
