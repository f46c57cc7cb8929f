using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>Leave to write one event; <paramref name="Outcome"/> says why not.</summary>
/// <param name="Count">How often it has happened, this time included.</param>
internal readonly record struct EventTicket(EventLedger.Key Event, int Count, EventOutcome? Outcome);

/// <summary>
/// Which events were written, and how often. Bounded: what has not happened for the longest time is forgotten first. Numbers as in client-go: 25 events
/// of an object at once, then one in five minutes; a series is written every six minutes at most.
/// </summary>
internal sealed class EventLedger(TimeProvider time)
{
    private const int MaxKnown = 4096;
    private const int Burst = 25;

    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SeriesPause = TimeSpan.FromMinutes(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Entry> _events = [];
    private readonly Dictionary<(string Kind, ObjectKey Object), Bucket> _objects = [];

    public EventTicket Take(EventReport report)
    {
        var key = new Key(report.Kind.Kind, report.Object, report.Uid, report.Reason, report.Message);
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_events.TryGetValue(key, out var entry))
            {
                Forget();
                _events[key] = entry = new Entry();
            }

            entry.Count++;
            entry.SeenAt = now;
            if (entry.WrittenAt is { } at && time.GetElapsedTime(at, now) < SeriesPause)
                return new(key, entry.Count, EventOutcome.Counted);
            return MaySend((report.Kind.Kind, report.Object), now)
                ? new(key, entry.IsWritten ? entry.Count : 1, null)
                : new(key, entry.Count, EventOutcome.Dropped);
        }
    }

    public void Done(EventTicket ticket)
    {
        lock (_lock)
        {
            if (_events.TryGetValue(ticket.Event, out var entry))
                (entry.WrittenAt, entry.IsWritten) = (time.GetTimestamp(), true);
        }
    }

    /// <summary>It may be tried again at once; the bucket keeps that in bounds.</summary>
    public void Failed(EventTicket ticket)
    {
        lock (_lock)
        {
            if (_events.TryGetValue(ticket.Event, out var entry))
                entry.WrittenAt = null;
        }
    }

    private bool MaySend((string Kind, ObjectKey Object) key, long now)
    {
        if (!_objects.TryGetValue(key, out var bucket))
        {
            if (_objects.Count >= MaxKnown)
                _objects.Remove(_objects.MinBy(static entry => entry.Value.At).Key);
            _objects[key] = bucket = new Bucket { Left = Burst, At = now };
        }

        bucket.Left = Math.Min(Burst, bucket.Left + (time.GetElapsedTime(bucket.At, now) / Refill));
        bucket.At = now;
        if (bucket.Left < 1)
            return false;
        bucket.Left--;
        return true;
    }

    /// <summary>Half of them at once, so that it is seldom done.</summary>
    private void Forget()
    {
        if (_events.Count < MaxKnown)
            return;
        foreach (var (key, _) in _events.OrderBy(static entry => entry.Value.SeenAt).Take(MaxKnown / 2).ToList())
            _events.Remove(key);
    }

    internal readonly record struct Key(string Kind, ObjectKey Object, string Uid, string Reason, string Message);

    private sealed class Entry
    {
        public int Count { get; set; }

        public long SeenAt { get; set; }

        public long? WrittenAt { get; set; }

        public bool IsWritten { get; set; }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }

        public long At { get; set; }
    }
}
