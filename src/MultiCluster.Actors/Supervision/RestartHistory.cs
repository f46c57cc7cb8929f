namespace MultiCluster.Actors;

/// <summary>What a supervisor remembers of one child: its restarts in the window and how many came in a row.</summary>
internal sealed class RestartHistory
{
    private readonly Queue<TimeSpan> _inWindow = new();
    private TimeSpan _lastRestart;
    private int _inARow;

    /// <param name="strategy">The parent's.</param>
    /// <param name="now">Of a monotonic clock.</param>
    /// <param name="chance">0 to 1.</param>
    /// <returns>How long to wait before the restart, or null when the budget is used up.</returns>
    public TimeSpan? Next(OneForOneStrategy strategy, TimeSpan now, double chance)
    {
        while (_inWindow.TryPeek(out var oldest) && now - oldest >= strategy.Window)
            _inWindow.Dequeue();
        if (_inWindow.Count >= strategy.MaxRestarts)
            return null;
        if (strategy.MaxRestarts != OneForOneStrategy.Unlimited)
            _inWindow.Enqueue(now);
        // Measured from the restart and not from the failure before it: a long back-off is no time without failure.
        if (now - _lastRestart >= strategy.Window)
            _inARow = 0;
        var delay = strategy.Backoff(_inARow);
        delay += delay * (strategy.Jitter * chance);
        _inARow++;
        _lastRestart = now + delay;
        return delay;
    }
}
