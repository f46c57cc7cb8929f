namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>
/// Turns at what only few can do at a time. Those who wait are taken group by group, so that a crowd at one keeps nobody of another waiting for
/// longer than one turn of each group, and neither a group nor a source has more than its share of the places.
/// </summary>
/// <param name="turns">At a time.</param>
/// <param name="perGroup">Places of a group, those who have a turn counted in.</param>
/// <param name="perSource">Places of a source, in all groups.</param>
internal sealed class FairTurns(int turns, int places, int perGroup, int perSource)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private int _free = turns;
    private int _taken;

    /// <returns>Null when there is no place; else a turn, which ends when it is disposed.</returns>
    public async Task<IDisposable?> TakeAsync(string group, string source, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_taken >= places || _groups.GetValueOrDefault(group) >= perGroup || _sources.GetValueOrDefault(source) >= perSource)
                return null;
            Count(group, source, 1);
            if (_free > 0)
            {
                _free--;
                turn.SetResult();
            }
            else
            {
                Enqueue(group, turn);
            }
        }

        try
        {
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(group, source, hadTurn: !turn.TrySetCanceled(CancellationToken.None));
            throw;
        }

        return new Turn(this, group, source);
    }

    private void Enqueue(string group, TaskCompletionSource turn)
    {
        if (!_waiting.TryGetValue(group, out var queue))
        {
            _waiting.Add(group, queue = new Queue<TaskCompletionSource>());
            _order.Enqueue(group);
        }

        queue.Enqueue(turn);
    }

    private void Leave(string group, string source, bool hadTurn)
    {
        lock (_lock)
        {
            Count(group, source, -1);
            if (hadTurn && !PassOn())
                _free++;
        }
    }

    private bool PassOn()
    {
        while (_order.TryDequeue(out var group))
        {
            var queue = _waiting[group];
            var isTaken = false;
            while (!isTaken && queue.TryDequeue(out var next))
                isTaken = next.TrySetResult();
            if (queue.Count > 0)
                _order.Enqueue(group);
            else
                _waiting.Remove(group);
            if (isTaken)
                return true;
        }

        return false;
    }

    private void Count(string group, string source, int change)
    {
        _taken += change;
        Add(_groups, group, change);
        Add(_sources, source, change);
    }

    private static void Add(Dictionary<string, int> counts, string key, int change)
    {
        if ((counts[key] = counts.GetValueOrDefault(key) + change) == 0)
            counts.Remove(key);
    }

    private sealed class Turn(FairTurns turns, string group, string source) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!_isOver)
                turns.Leave(group, source, hadTurn: true);
            _isOver = true;
        }
    }
}
