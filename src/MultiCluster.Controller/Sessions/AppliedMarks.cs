namespace MultiCluster.Controller.Sessions;

/// <summary>Which position of the controller is reached when HAProxy holds which version of the agent's table. Bounded.</summary>
internal sealed class AppliedMarks
{
    private const int Most = 1024;

    private readonly LinkedList<(long Version, long Position)> _marks = [];
    private long _applied = -1;
    private long _reported;

    /// <summary>Positions of another controller begin.</summary>
    public void Clear()
    {
        _marks.Clear();
        _reported = 0;
    }

    /// <returns>The position to report at once, because nothing had to change for it.</returns>
    public long? Reach(long version, long position)
    {
        // An earlier mark that is dropped is reported with the next one, a little later.
        if (_marks.Last is { } last && (last.Value.Version == version || _marks.Count == Most))
            _marks.RemoveLast();
        _marks.AddLast((version, position));
        return Report();
    }

    /// <returns>The position to report.</returns>
    public long? Apply(long version)
    {
        _applied = Math.Max(_applied, version);
        return Report();
    }

    private long? Report()
    {
        long? reached = null;
        while (_marks.First is { } first && first.Value.Version <= _applied)
        {
            reached = first.Value.Position;
            _marks.RemoveFirst();
        }

        if (reached is not { } position || position <= _reported)
            return null;
        return _reported = position;
    }
}
