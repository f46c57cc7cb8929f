using System.Collections.Immutable;

namespace MultiCluster.Cluster.Replication;

/// <summary>
/// Which buckets are being brought in line with which peers. A peer's marks may be taken over only once everything that its
/// summary named is here; a question to several peers is answered when each has been, or is gone.
/// </summary>
internal sealed class SyncTracker
{
    private readonly Dictionary<(NodeId Peer, int Bucket), Pending> _pending = [];
    private readonly Dictionary<long, Question> _questions = [];
    private long _last;

    public int Open => _questions.Count;

    /// <param name="waits">Peers and buckets that must be in line.</param>
    /// <returns>Goes with the queries to the peers.</returns>
    public long Ask(IEnumerable<(NodeId Peer, int Bucket)> waits, object about)
    {
        _questions.Add(++_last, new Question(about, [.. waits]));
        return _last;
    }

    public bool IsOpen(long question) => _questions.ContainsKey(question);

    /// <returns>What the question was about; null if it is not open.</returns>
    public object? GiveUp(long question) => _questions.Remove(question, out var open) ? open.About : null;

    /// <summary>A summary named keys that had to be asked for.</summary>
    public void Wait(NodeId peer, BucketSummary summary, ImmutableArray<KeyVersion> wanted) =>
        _pending[(peer, summary.Bucket)] = new Pending(summary.Marks, wanted, summary.Query);

    /// <summary>Entries of a bucket came from a peer.</summary>
    /// <param name="has">Whether the replica has that key now at that version or a later one.</param>
    /// <returns>The peer's marks and question, if all is here now.</returns>
    public (BucketMarks Marks, long Question)? Arrived(NodeId peer, int bucket, Predicate<KeyVersion> has)
    {
        if (!_pending.TryGetValue((peer, bucket), out var pending) || !pending.Wanted.All(key => has(key)))
            return null;
        _pending.Remove((peer, bucket));
        return (pending.Marks, pending.Question);
    }

    /// <returns>What the question was about, if this was the last of it.</returns>
    public object? InLine(long question, NodeId peer, int bucket)
    {
        if (!_questions.TryGetValue(question, out var open) || !open.Waits.Remove((peer, bucket)) || open.Waits.Count > 0)
            return null;
        _questions.Remove(question);
        return open.About;
    }

    /// <returns>The questions that waited for this peer last.</returns>
    public IReadOnlyList<object> Gone(NodeId peer)
    {
        foreach (var key in _pending.Keys.Where(key => key.Peer == peer).ToList())
            _pending.Remove(key);
        var done = new List<object>();
        foreach (var (number, question) in _questions.ToList())
        {
            if (question.Waits.RemoveWhere(wait => wait.Peer == peer) == 0 || question.Waits.Count > 0)
                continue;
            _questions.Remove(number);
            done.Add(question.About);
        }
        return done;
    }

    private sealed record Pending(BucketMarks Marks, ImmutableArray<KeyVersion> Wanted, long Question);

    private sealed record Question(object About, HashSet<(NodeId Peer, int Bucket)> Waits);
}
