using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>Operators who want nodes declared dead: each is told what became of it.</summary>
internal sealed class DownRequests
{
    private readonly Queue<(string Node, IActorRef? Sender)> _wanted = [];
    private readonly List<(string Key, IActorRef Sender)> _underWay = [];

    public void Add(string node, IActorRef? sender) => _wanted.Enqueue((node, sender));

    /// <summary>Adds to what is to be written, in place of any other write of the same record.</summary>
    /// <returns>The nodes that will be declared dead.</returns>
    public IReadOnlyList<string> Plan(ClusterCore core, List<PlannedWrite> writes, DateTimeOffset wall)
    {
        var planned = new List<string>();
        while (_wanted.TryDequeue(out var down))
        {
            if (core.Down(down.Node, wall) is not { } write)
            {
                down.Sender?.Tell(new ClusterProtocol.DownResult($"no live node '{down.Node}' is known; see 'cluster show'"));
                continue;
            }
            writes.RemoveAll(other => other.Write.Key == write.Write.Key);
            writes.Add(write);
            planned.Add(down.Node);
            if (down.Sender is not null)
                _underWay.Add((write.Write.Key, down.Sender));
        }
        return planned;
    }

    /// <param name="results">Null: the store did not answer.</param>
    public void Answer(IReadOnlyList<PlannedWrite> writes, ImmutableArray<LeaseWriteResult>? results)
    {
        foreach (var (key, sender) in _underWay)
        {
            var index = Enumerable.Range(0, writes.Count).FirstOrDefault(i => writes[i].Write.Key == key, -1);
            var error = results is null || index < 0 ? "the lease store did not answer, so it may or may not have happened; see 'cluster show'"
                : results.Value[index] is LeaseWriteResult.Written ? null
                : "its record changed at that moment; try again";
            sender.Tell(new ClusterProtocol.DownResult(error));
        }
        _underWay.Clear();
    }
}
