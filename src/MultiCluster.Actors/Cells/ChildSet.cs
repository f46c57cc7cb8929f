namespace MultiCluster.Actors;

/// <summary>Children by name. The one part of a cell that other threads use: top-level actors are created from anywhere.</summary>
internal sealed class ChildSet(ActorCell parent)
{
    private const int QuarantinedShown = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ActorCell> _children = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, ActorNode> _quarantined = new(StringComparer.Ordinal);
    private long _anonymous;
    private bool _closed;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _children.Count == 0;
        }
    }

    /// <exception cref="InvalidActorNameException">The name is malformed or not free.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    public ActorCell Create(Props props, string? name, int suspensions)
    {
        if (name is not null && ActorPath.Fault(name) is { } fault)
            throw new InvalidActorNameException(parent.Path, name, fault);
        ActorCell child;
        lock (_gate)
        {
            if (_closed)
                throw new InvalidOperationException($"{parent.Path} is stopping and can't create '{name ?? props.Type}'.");
            name ??= $"${++_anonymous}";
            if (_children.TryGetValue(name, out var taken))
                throw new InvalidActorNameException(parent.Path, name, WhyTaken(taken));
            child = new ActorCell(parent.System, parent, parent.Path.Child(name), props, suspensions);
            _children.Add(name, child);
            _quarantined.Remove(name);
        }
        child.Activate();
        return child;
    }

    public bool Contains(ActorCell child)
    {
        lock (_gate)
            return _children.TryGetValue(child.Path.Name, out var present) && ReferenceEquals(present, child);
    }

    public ActorCell? Find(string name)
    {
        lock (_gate)
            return _children.GetValueOrDefault(name);
    }

    public ActorCell[] Snapshot()
    {
        lock (_gate)
            return _children.Count == 0 ? [] : [.. _children.Values];
    }

    public List<ActorNode> SnapshotNodes()
    {
        List<ActorNode> quarantined;
        lock (_gate)
            quarantined = [.. _quarantined.Values];
        List<ActorNode> nodes = [.. Snapshot().Select(c => c.Snapshot()), .. quarantined];
        nodes.Sort(static (a, b) => string.CompareOrdinal(a.Path.Name, b.Path.Name));
        return nodes;
    }

    public void TellAll(SystemMessage message)
    {
        foreach (var child in Snapshot())
            child.TellSystem(message);
    }

    public void StopAll()
    {
        foreach (var child in Snapshot())
            child.RequestStop(null);
    }

    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    public void Remove(ActorCell child, Exception? cause)
    {
        lock (_gate)
        {
            _children.Remove(child.Path.Name);
            if (cause is null || _closed)
                return;
            if (_quarantined.Count >= QuarantinedShown)
                _quarantined.RemoveAt(0);
            _quarantined[child.Path.Name] = child.QuarantinedNode(cause);
        }
    }

    private static string WhyTaken(ActorCell child) => child.State is ActorState.Stopping or ActorState.Stopped
        ? "the actor of that name is still stopping: watch it and create the new one on Terminated"
        : "a running actor has it";
}
