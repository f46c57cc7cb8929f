using MultiCluster.HAProxy.Data;

namespace MultiCluster.Controller.Proxies;

/// <summary>What an instance shows to other threads of its present life: they look, and it does not wait for them.</summary>
public sealed class LiveProxy
{
    private volatile BackendDirectory? _backends;
    private volatile ProxyCounters? _counters;
    private volatile bool _isServing;
    private volatile bool _isApplying;
    private volatile int _refused;
    private volatile int _routes;
    private volatile int _slots;
    private volatile int _slotsUsed;
    private long _pendingSince = -1;
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Null until we looked whether a HAProxy runs.</summary>
    public BackendDirectory? Backends
    {
        get => _backends;
        internal set => _backends = value;
    }

    public bool IsServing => _isServing;

    /// <summary>Changes are on their way to HAProxy.</summary>
    public bool IsApplying
    {
        get => _isApplying;
        internal set => _isApplying = value;
    }

    public int Refused => _refused;

    public int Routes => _routes;

    public int Slots => _slots;

    public int SlotsUsed => _slotsUsed;

    /// <summary>For how long HAProxy has not held all that it should.</summary>
    public TimeSpan Pending => Volatile.Read(ref _pendingSince) is var since and >= 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    internal ProxyCounters? Counters => _counters;

    internal void Begin(ProxyCounters counters, TimeProvider time) => (_counters, _time) = (counters, time);

    /// <summary>After each piece of work, so it costs next to nothing.</summary>
    internal void Show(ProxyState state)
    {
        _isServing = state.Connection is not null;
        if (state.Reconciler is not { } reconciler)
            return;
        var desired = reconciler.Desired;
        (_routes, _slotsUsed) = (desired.RouteCount, desired.Pool.Used);
        if (state.AppliedVersion == desired.Version && _isServing)
            Volatile.Write(ref _pendingSince, -1);
        else if (_pendingSince < 0)
            Volatile.Write(ref _pendingSince, _time.GetTimestamp());
    }

    /// <summary>What takes a count of all.</summary>
    internal void Count(ProxyState state)
    {
        if (state.Reconciler is not { } reconciler)
            return;
        _slots = reconciler.Desired.Pool.Size;
        _refused = RefusalViews.Count(reconciler);
    }
}
