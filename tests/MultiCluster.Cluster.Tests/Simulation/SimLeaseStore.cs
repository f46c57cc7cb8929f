using System.Collections.Immutable;
using System.Globalization;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>The store of leases, and how each node reaches it.</summary>
internal sealed class SimLeaseStore(SimWorld world)
{
    private readonly SortedDictionary<string, LeaseRecord> _records = new(StringComparer.Ordinal);
    private ImmutableArray<LeaseRecord> _backup = [];
    private long _versions;

    /// <summary>Nobody is answered.</summary>
    public bool IsDown { get; set; }

    /// <summary>Names of nodes that can read and not write, as where a disk is full or somebody holds the lock.</summary>
    public SortedSet<string> TakesNoWritesOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of nodes that are not answered.</summary>
    public SortedSet<string> CutOff { get; } = new(StringComparer.Ordinal);

    /// <summary>How often an answer is lost, with or without the work done.</summary>
    public double LossRate { get; set; }

    public double LatencyFactor { get; set; } = 1;

    /// <summary>By name of a node: what happens when its next write has been done, and it has not heard so yet.</summary>
    public Dictionary<string, Action> AfterNextWrite { get; } = new(StringComparer.Ordinal);

    public IEnumerable<LeaseRecord> Records => _records.Values;

    public void Backup() => _backup = [.. _records.Values];

    /// <summary>Contents are old, versions are new.</summary>
    public void Restore()
    {
        _records.Clear();
        foreach (var record in _backup)
            _records[record.Key] = record with { Version = NextVersion() };
    }

    /// <summary>By other hands than a node's.</summary>
    public void Put(string key, string value) => _records[key] = new LeaseRecord(key, value, NextVersion());

    public ILeaseStore For(SimLife life) => new View(this, life);

    private string NextVersion() => (++_versions).ToString(CultureInfo.InvariantCulture);

    private LeaseWriteResult Apply(LeaseWrite write)
    {
        var current = _records.GetValueOrDefault(write.Key);
        if (current?.Version != write.ExpectedVersion)
            return new LeaseWriteResult.Conflict(current);
        if (write.Value is null)
        {
            _records.Remove(write.Key);
            return new LeaseWriteResult.Written(null);
        }
        var record = new LeaseRecord(write.Key, write.Value, NextVersion());
        _records[write.Key] = record;
        return new LeaseWriteResult.Written(record.Version);
    }

    private sealed class View(SimLeaseStore store, SimLife life) : ILeaseStore
    {
        public ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken) =>
            Call<ImmutableArray<LeaseRecord>>(() => [.. store._records.Values], cancellationToken);

        public ValueTask<ImmutableArray<LeaseWriteResult>> WriteAsync(IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken) =>
            Call<ImmutableArray<LeaseWriteResult>>(() =>
            {
                if (store.TakesNoWritesOf.Contains(life.Name))
                    throw new LeaseStoreException("simulated lock");
                if (store.AfterNextWrite.Remove(life.Name, out var then))
                    store.World.After(TimeSpan.Zero, then);
                return [.. writes.Select(store.Apply)];
            }, cancellationToken);

        private ValueTask<T> Call<T>(Func<T> work, CancellationToken cancellationToken)
        {
            var world = store.World;
            var answer = new TaskCompletionSource<T>();
            var there = world.Between(0.0005, 0.004) * store.LatencyFactor;
            var back = world.Between(0.0005, 0.004) * store.LatencyFactor;
            var lostThere = world.Chance(store.LossRate / 2);
            var lostBack = world.Chance(store.LossRate / 2);
            world.After(there, () =>
            {
                if (store.IsDown || store.CutOff.Contains(life.Name) || lostThere)
                {
                    Fail(answer, world.Chance(0.5) ? TimeSpan.Zero : null);
                    // Held up on its way, done long after nobody waits for it any more.
                    if (world.Chance(0.3))
                        world.After(world.Between(0.5, 8), () => DoLate(work));
                    return;
                }
                // Done by the store, whether or not anybody still waits.
                T result;
                try
                {
                    result = work();
                }
                catch (LeaseStoreException refused)
                {
                    world.After(back, () => life.Post(() => answer.TrySetException(refused)));
                    return;
                }

                if (lostBack)
                    Fail(answer, world.Chance(0.5) ? back : null);
                else
                    world.After(back, () => life.Post(() => answer.TrySetResult(result)));
            });
            _ = cancellationToken;
            return new ValueTask<T>(answer.Task);
        }

        private static void DoLate<T>(Func<T> work)
        {
            try
            {
                work();
            }
            catch (LeaseStoreException)
            {
                // Nobody hears of it.
            }
        }

        /// <param name="after">Null: never answered.</param>
        private void Fail<T>(TaskCompletionSource<T> answer, TimeSpan? after)
        {
            if (after is { } delay)
                store.World.After(delay, () => life.Post(() => answer.TrySetException(new LeaseStoreException("simulated outage"))));
        }
    }

    private SimWorld World => world;
}
