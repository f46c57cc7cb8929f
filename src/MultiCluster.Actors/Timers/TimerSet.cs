namespace MultiCluster.Actors;

/// <summary>
/// Timers of one incarnation, by key. Starting a key replaces its timer: a tick of the one before, even if it is in the mailbox, is
/// never seen, and none outlives a restart or stop. Used in the actor's own run only.
/// </summary>
public sealed class TimerSet
{
    private readonly Dictionary<object, Entry> _entries = [];
    private readonly ActorContext _owner;
    private readonly ActorCell _cell;

    internal TimerSet(ActorContext owner, ActorCell cell)
    {
        _owner = owner;
        _cell = cell;
    }

    public void StartSingle(object key, TimeSpan delay, object message) => Start(key, delay, message, periodic: false);

    /// <summary>First tick after <paramref name="interval"/>. A tick that is due while the last one still waits in the mailbox is skipped.</summary>
    public void StartPeriodic(object key, TimeSpan interval, object message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(key, interval, message, periodic: true);
    }

    public bool IsActive(object key) => _entries.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_entries.Remove(key, out var entry))
            entry.Cancel();
    }

    internal void Clear()
    {
        foreach (var entry in _entries.Values)
            entry.Cancel();
        _entries.Clear();
    }

    private void Start(object key, TimeSpan delay, object message, bool periodic)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _owner.EnsureCurrent();
        Cancel(key);
        var entry = new Entry(this, key, message, periodic);
        _entries.Add(key, entry);
        entry.Start(_cell.System.TimeProvider, delay);
    }

    /// <summary>Its identity is the generation of its key.</summary>
    private sealed class Entry(TimerSet set, object key, object message, bool periodic) : SelfMessage(set._owner)
    {
        private ITimer? _timer;
        private bool _cancelled;
        private int _waiting;

        public override DeadLetterReason StaleReason => DeadLetterReason.StaleTimer;

        public void Start(TimeProvider time, TimeSpan delay)
        {
            _timer = time.CreateTimer(static state => ((Entry)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(delay, periodic ? delay : Timeout.InfiniteTimeSpan);
        }

        public void Cancel()
        {
            _cancelled = true;
            _timer?.Dispose();
        }

        public override object? Open()
        {
            Volatile.Write(ref _waiting, 0);
            if (_cancelled)
                return null;
            if (!periodic && set._entries.TryGetValue(key, out var current) && ReferenceEquals(current, this))
            {
                set._entries.Remove(key);
                _timer?.Dispose();
            }
            return message;
        }

        private void Fire()
        {
            if (Interlocked.Exchange(ref _waiting, 1) == 0)
                set._cell.TellSelf(this);
        }
    }
}
