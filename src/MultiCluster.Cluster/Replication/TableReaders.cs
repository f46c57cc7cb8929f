using System.Collections.Immutable;
using MultiCluster.Actors;

namespace MultiCluster.Cluster.Replication;

/// <summary>Who reads this node's table: each hears what is there, then every change, and once each how far it can be relied on.</summary>
internal sealed class TableReaders(bool readyAtOnce)
{
    private readonly HashSet<IActorRef> _readers = [];
    private bool _toldReady;
    private bool _toldWhole;

    public void Add(IActorRef reader, ReplicatedTable table, IActorRef self)
    {
        // What the others have not heard yet is in what this one gets.
        Announce(table, self);
        _readers.Add(reader);
        reader.Tell(new TableProtocol.Snapshot([.. table.Live], table.IsReady || readyAtOnce, table.IsWhole), self);
    }

    public void Remove(IActorRef reader) => _readers.Remove(reader);

    public void Announce(ReplicatedTable table, IActorRef self)
    {
        var changes = table.TakeChanges();
        if (!changes.IsEmpty)
            Tell(new TableProtocol.Changed(changes), self);
        if (!_toldReady && (table.IsReady || readyAtOnce))
        {
            _toldReady = true;
            Tell(new TableProtocol.Ready(), self);
        }
        if (_toldWhole || !table.IsWhole)
            return;
        _toldWhole = true;
        Tell(new TableProtocol.Whole(), self);
    }

    private void Tell(object message, IActorRef self)
    {
        foreach (var reader in _readers)
            reader.Tell(message, self);
    }
}
