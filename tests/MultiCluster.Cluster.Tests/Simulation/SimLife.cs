using MultiCluster.Actors;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>One run of a process: it may stand still, as in a long collection of garbage, and it ends without notice.</summary>
internal sealed class SimLife(SimWorld world, string name) : IDispatcher
{
    /// <summary>How long a process that goes on may take until it has heard what it missed.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(0.5);

    private readonly List<Action> _deferred = [];
    private TimeSpan _pausedAt;
    private TimeSpan _resumedAt = TimeSpan.FromDays(-1);

    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    /// <summary>What it does now follows from what it had heard by then.</summary>
    public TimeSpan InformedAt => IsPaused || world.Now - _resumedAt < CatchUp ? _pausedAt : world.Now;

    /// <summary>Runs it in this process: later if it stands still, never if it has ended.</summary>
    public void Post(Action action)
    {
        if (!IsAlive)
            return;
        if (IsPaused)
            _deferred.Add(action);
        else
            action();
    }

    public void Schedule(IThreadPoolWorkItem item)
    {
        if (!IsAlive)
            return;
        if (IsPaused)
            _deferred.Add(() => world.Dispatcher.Schedule(item));
        else
            world.Dispatcher.Schedule(item);
    }

    public void Pause()
    {
        IsPaused = true;
        if (world.Now - _resumedAt >= CatchUp)
            _pausedAt = world.Now;
    }

    public void Resume()
    {
        IsPaused = false;
        _resumedAt = world.Now;
        var deferred = _deferred.ToList();
        _deferred.Clear();
        foreach (var action in deferred)
            Post(action);
    }

    public void Kill()
    {
        IsAlive = false;
        _deferred.Clear();
    }

    /// <summary>After the run, so that what the process held can be let go of.</summary>
    public void ReviveForCleanup()
    {
        IsAlive = true;
        IsPaused = false;
    }
}
