using MultiCluster.Actors;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>The copies of one object by member, and the acknowledgements owed for them.</summary>
internal sealed class CopyBook<TCopy>
    where TCopy : class
{
    private readonly SortedDictionary<MemberName, TCopy> _copies = [];
    private readonly List<(IActorRef Watcher, long Sequence)> _owed = [];
    private HashSet<MemberName>? _awaited;
    private bool _recovering;

    public IReadOnlyCollection<TCopy> Copies => _copies.Values;

    public bool IsEmpty => _copies.Count == 0;

    /// <summary>
    /// False after a restart until every member has resent its copy: a merge of a part would look as if the other members
    /// had lost the object.
    /// </summary>
    public bool IsWhole => !_recovering;

    public void StartRecovery() => _recovering = true;

    public void Await(IEnumerable<MemberName> members)
    {
        _awaited = [.. members.Except(_copies.Keys)];
        _recovering = _awaited.Count > 0;
    }

    public void Take(EntityProtocol.Observed observed, IActorRef? watcher)
    {
        if (observed.Copy is TCopy copy)
            _copies[observed.Member] = copy;
        else
            _copies.Remove(observed.Member);
        if (_awaited?.Remove(observed.Member) == true && _awaited.Count == 0)
            _recovering = false;
        if (watcher is not null)
            _owed.Add((watcher, observed.Sequence));
    }

    /// <summary>After what follows from the copies has been published.</summary>
    public void Acknowledge(EntityId entity, IActorRef self)
    {
        foreach (var (watcher, sequence) in _owed)
            watcher.Tell(new MemberProtocol.Delivered(entity, sequence), self);
        _owed.Clear();
    }
}
