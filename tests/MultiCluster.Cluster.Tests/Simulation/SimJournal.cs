using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>What is persisted: behind what was published, sometimes far behind, sometimes an old backup, fenced by epoch.</summary>
internal sealed class SimJournal(SimWorld world)
{
    private readonly SortedDictionary<string, (TableEntry Entry, int Shard)> _entries = new(StringComparer.Ordinal);
    private Dictionary<string, (TableEntry Entry, int Shard)> _backup = [];
    private readonly Dictionary<(SimLife, int), int> _pending = [];

    public bool IsDown { get; set; }

    /// <summary>How often a write never gets there, as when a process dies with its queue.</summary>
    public double LossRate { get; set; }

    public double SlowestWrite { get; set; } = 0.5;

    public void Backup() => _backup = new(_entries, StringComparer.Ordinal);

    public void Restore()
    {
        _entries.Clear();
        foreach (var (key, entry) in _backup)
            _entries.Add(key, entry);
    }

    public void Write(SimLife life, int shard, long epoch, TableEntry entry)
    {
        _pending[(life, shard)] = _pending.GetValueOrDefault((life, shard)) + 1;
        world.After(world.Between(0.005, SlowestWrite), () => Commit(life, shard, epoch, entry));
    }

    public IShardJournal For(SimLife life) => new View(this, life);

    private void Commit(SimLife life, int shard, long epoch, TableEntry entry)
    {
        if (!life.IsAlive)
            return;
        if (IsDown)
        {
            world.After(TimeSpan.FromSeconds(0.5), () => Commit(life, shard, epoch, entry));
            return;
        }
        _pending[(life, shard)]--;
        var known = _entries.TryGetValue(entry.Key, out var before);
        if (world.Chance(LossRate) || (known && (epoch < before.Entry.Version.Epoch || entry.Version < before.Entry.Version)))
            return;
        _entries[entry.Key] = (entry, shard);
    }

    private sealed class View(SimJournal journal, SimLife life) : IShardJournal
    {
        public async ValueTask<ImmutableArray<TableEntry>> LoadAsync(int shard, long epoch, CancellationToken cancellationToken)
        {
            await Delay(journal.World.Between(0.002, 0.05));
            return journal.IsDown
                ? throw new IOException("simulated outage")
                : [.. journal._entries.Values.Where(item => item.Shard == shard).Select(static item => item.Entry)];
        }

        public async ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken)
        {
            while (!journal.IsDown && journal._pending.GetValueOrDefault((life, shard)) > 0)
                await Delay(TimeSpan.FromMilliseconds(20));
        }

        private Task Delay(TimeSpan delay)
        {
            var done = new TaskCompletionSource();
            journal.World.After(delay, () => life.Post(done.SetResult));
            return done.Task;
        }
    }

    private SimWorld World => world;
}
