namespace MultiCluster.Actors;

/// <summary>Whom one incarnation watches. Used in its own run only.</summary>
internal sealed class WatchSet(ActorContext owner, ActorCell cell)
{
    private readonly Dictionary<IWatchable, Handle> _handles = [];

    private ActorContext Owner => owner;

    public void Watch(IActorRef target)
    {
        if (target is not IWatchable watchable || ReferenceEquals(target, cell))
            throw new ArgumentException($"{cell.Path} can't watch {target.Path}: only other actors can be watched.", nameof(target));
        if (_handles.ContainsKey(watchable))
            return;
        var handle = new Handle(this, watchable);
        _handles.Add(watchable, handle);
        watchable.AddWatch(handle);
    }

    public void Unwatch(IActorRef target)
    {
        if (target is IWatchable watchable && _handles.Remove(watchable, out var handle))
            watchable.RemoveWatch(handle);
    }

    public void Clear()
    {
        foreach (var (target, handle) in _handles)
            target.RemoveWatch(handle);
        _handles.Clear();
    }

    private sealed class Handle(WatchSet set, IWatchable target) : WatchHandle
    {
        public IWatchable Target { get; } = target;

        public override void TargetTerminated(IActorRef target, Exception? cause) => set.Deliver(new Notice(set, this, cause));
    }

    private void Deliver(Notice notice) => cell.TellSelf(notice);

    private sealed class Notice(WatchSet set, Handle handle, Exception? cause) : SelfMessage(set.Owner)
    {
        private Terminated? _opened;

        public override DeadLetterReason StaleReason => DeadLetterReason.StaleNotice;

        // Opened again if it was stashed.
        public override object? Open() => _opened ??= set._handles.Remove(handle.Target) ? new Terminated(handle.Target, cause) : null;
    }
}
