using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>Reads one node's table as a proxy does, and checks every step of it.</summary>
internal sealed class SimProxy(SimCluster cluster, SimNode node)
{
    private readonly SortedDictionary<string, TableEntry> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, string Member), long> _floor = [];

    public bool IsReady { get; private set; }

    /// <summary>It was told that what its table lacks does not exist.</summary>
    public bool IsWhole { get; private set; }

    public IReadOnlyDictionary<string, TableEntry> Visible => _visible;

    public void Subscribe() => node.Node.Table.Tell(new TableProtocol.Subscribe(), new SimRef(message => node.Life.Post(() => Receive(message))));

    private void Receive(object message)
    {
        switch (message)
        {
            case TableProtocol.Snapshot snapshot:
                foreach (var entry in snapshot.Live)
                    Apply(entry);
                if (snapshot.IsReady)
                    BecomeReady();
                if (snapshot.IsWhole)
                    BecomeWhole();
                break;
            case TableProtocol.Changed changed:
                foreach (var entry in changed.Entries)
                    Apply(entry);
                break;
            case TableProtocol.Ready:
                BecomeReady();
                break;
            case TableProtocol.Whole:
                BecomeWhole();
                break;
        }
    }

    private void BecomeReady()
    {
        IsReady = true;
        cluster.World.Note($"{node.Name}: table is ready with {_visible.Count} keys");
        ExpectAlwaysThere("ready");
    }

    private void BecomeWhole()
    {
        if (!IsReady)
            cluster.World.Violate($"{node.Name} calls its table whole before it is ready");
        IsWhole = true;
        cluster.World.Note($"{node.Name}: table is whole with {_visible.Count} keys");
        ExpectAlwaysThere("whole");
    }

    private void ExpectAlwaysThere(string claim)
    {
        foreach (var item in cluster.Members.AlwaysThere(cluster.InitialRevision))
        {
            if (!_visible.TryGetValue(item.Key, out var entry) || !((SimFragment)entry.Payload!).Copies.Contains(item))
                cluster.World.Violate($"{node.Name} calls its table {claim}, but {item} is not in it");
        }
    }

    private void Apply(TableEntry entry)
    {
        cluster.World.Note($"{node.Name}: {entry.Key} is {entry.Version} {entry.Payload?.ToString() ?? "gone"}");
        if (_versions.TryGetValue(entry.Key, out var version) && entry.Version <= version)
            cluster.World.Violate($"{node.Name}: {entry.Key} went from {version} to {entry.Version}");
        _versions[entry.Key] = entry.Version;
        CheckCopies(entry);
        if (entry.IsTombstone)
            _visible.Remove(entry.Key);
        else
            _visible[entry.Key] = entry;
    }

    /// <summary>
    /// Each source's copy only gets newer, and goes only if it was deleted there. Only what an owner published without having heard
    /// a source may be behind for that source.
    /// </summary>
    private void CheckCopies(TableEntry entry)
    {
        var decided = cluster.Members.NotePublished(node.Life, entry.Key, entry.Version, (SimFragment?)entry.Payload);
        var before = _visible.TryGetValue(entry.Key, out var known) ? ((SimFragment)known.Payload!).Copies : [];
        var after = entry.Payload as SimFragment;
        ImmutableArray<SimObject> copies = after?.Copies ?? [];
        // What a removed one had goes as soon as an owner hears of it, and may come back for a while with one that has not.
        foreach (var member in cluster.Members.Present)
        {
            if (cluster.Members.ChangedLately(member, entry.Key, decided))
                continue;
            var was = before.FirstOrDefault(copy => copy.Member == member);
            var now = copies.FirstOrDefault(copy => copy.Member == member);
            if (now is not null && _floor.TryGetValue((entry.Key, member), out var floor) && now.Revision < floor && !IsExcused(after!, member))
                cluster.World.Violate($"{node.Name}: {entry.Key} {entry.Version} brings back {member}@{now.Revision}, {floor} had been seen");
            if (was is not null && now is null && !cluster.Members.WasDeletedAfter(was) && !(after is not null && IsExcused(after, member)))
                cluster.World.Violate($"{node.Name}: {entry.Key} {entry.Version} lost {member}@{was.Revision}, which exists");
            if (now is not null)
                _floor[(entry.Key, member)] = Math.Max(now.Revision, _floor.GetValueOrDefault((entry.Key, member)));
            else if (was is not null)
                _floor[(entry.Key, member)] = Math.Max(was.Revision + 1, _floor.GetValueOrDefault((entry.Key, member)));
        }
    }

    private bool IsExcused(SimFragment fragment, string member) =>
        cluster.WasDegraded(member) && fragment.Unheard.Split(',').Contains(SimNodeContext.SourceOf(member), StringComparer.Ordinal);
}
