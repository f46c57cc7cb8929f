using System.Collections.Immutable;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Grows by one with each write to the cluster, as etcd's revision does.</summary>
internal sealed class Revision
{
    private long _value = 1000;

    public long Current => Interlocked.Read(ref _value);

    public long Next() => Interlocked.Increment(ref _value);

    public void SetBack(long value) => Interlocked.Exchange(ref _value, value);
}

/// <summary>The objects of one kind with their history and their watchers.</summary>
internal sealed class ObjectStore(ResourcePath resource, Revision revision, int historyLimit)
{
    private readonly Lock _lock = new();
    private readonly Queue<WatchRecord> _history = new();
    private readonly HashSet<WatchSubscription> _watchers = [];
    private readonly Dictionary<long, ImmutableSortedDictionary<ObjectKey, StoredObject>> _snapshots = [];
    private ImmutableSortedDictionary<ObjectKey, StoredObject> _objects = ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;
    private TaskCompletionSource _watchersChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _oldest;

    public ResourcePath Resource => resource;

    public StoredObject? Find(ObjectKey key)
    {
        lock (_lock)
            return _objects.GetValueOrDefault(key);
    }

    /// <summary>Stores what <paramref name="change"/> makes of the present object; null leaves everything as it is.</summary>
    public StoredObject? Write(ObjectKey key, Func<StoredObject?, Func<long>, StoredObject?> change)
    {
        lock (_lock)
        {
            var before = _objects.GetValueOrDefault(key);
            if (change(before, revision.Next) is not { } after)
                return before;
            _objects = _objects.SetItem(key, after);
            Publish(after.ToEvent(before is null ? "ADDED"u8 : "MODIFIED"u8) with { Before = before, After = after });
            return after;
        }
    }

    /// <param name="mayGo">Asked in the same moment.</param>
    /// <returns>Null when there was none; otherwise what was there, perhaps still is.</returns>
    public StoredObject? Delete(ObjectKey key, Predicate<StoredObject> mayGo, Func<StoredObject, long, StoredObject> atVersion)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(key, out var before) || !mayGo(before))
                return before;
            _objects = _objects.Remove(key);
            Publish(atVersion(before, revision.Next()).ToEvent("DELETED"u8) with { Before = before });
            return before;
        }
    }

    public (ImmutableSortedDictionary<ObjectKey, StoredObject> Objects, long ResourceVersion) Snapshot()
    {
        lock (_lock)
        {
            var version = revision.Current;
            _snapshots[version] = _objects;
            return (_objects, version);
        }
    }

    /// <summary>Null when it has expired.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject>? SnapshotAt(long resourceVersion)
    {
        lock (_lock)
            return _snapshots.GetValueOrDefault(resourceVersion);
    }

    /// <summary>Null when events after <paramref name="from"/> have been forgotten.</summary>
    /// <param name="from">Null starts with an ADDED for each object, as an unset resourceVersion does.</param>
    public WatchSubscription? Subscribe(long? from, ObjectFilter filter, bool wantsBookmarks)
    {
        lock (_lock)
        {
            if (from < _oldest)
                return null;
            var watcher = new WatchSubscription(filter, wantsBookmarks);
            var backlog = from is null
                ? _objects.Values.Select(static stored => stored.ToEvent("ADDED"u8) with { After = stored })
                : _history.Where(record => record.ResourceVersion > from);
            foreach (var record in backlog)
                watcher.Publish(record);
            _watchers.Add(watcher);
            WatchersChanged();
            return watcher;
        }
    }

    public void Unsubscribe(WatchSubscription watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
            WatchersChanged();
        }
    }

    /// <summary>To each open watch, beside the history.</summary>
    public void Tell(WatchRecord record)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
                watcher.Publish(record);
        }
    }

    /// <summary>Forgets the history and the snapshots of lists under way, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _history.Clear();
            _snapshots.Clear();
            _oldest = revision.Next();
        }
    }

    /// <summary>Removes objects without telling anyone.</summary>
    public void Lose(IEnumerable<ObjectKey> keys)
    {
        lock (_lock)
            _objects = _objects.RemoveRange(keys);
    }

    /// <summary>Forgets objects, history and snapshots without telling anyone, and cuts the watches: what was is not, and never was.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _objects = _objects.Clear();
            _history.Clear();
            _snapshots.Clear();
            _oldest = 0;
        }

        Tell(WatchRecord.Of(WatchSignal.Reset));
    }

    public async Task WhenWatchersAsync(Func<int, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition(_watchers.Count))
                    return;
                changed = _watchersChanged.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void WatchersChanged()
    {
        var before = _watchersChanged;
        _watchersChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }

    private void Publish(WatchRecord record)
    {
        _history.Enqueue(record);
        if (_history.Count > historyLimit)
            _oldest = _history.Dequeue().ResourceVersion;
        foreach (var watcher in _watchers)
            watcher.Publish(record);
    }
}
