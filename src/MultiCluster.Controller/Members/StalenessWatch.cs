namespace MultiCluster.Controller.Members;

/// <summary>
/// When a member counts as stale: a connection that breaks and is back in a moment changes nothing, and one that comes and goes does not
/// either, in whichever state it began. Pure.
/// </summary>
/// <param name="after">Behind for so long without a break.</param>
/// <param name="freshAfter">Well for so long without a break.</param>
internal sealed class StalenessWatch(TimeSpan after, TimeSpan freshAfter)
{
    private TimeSpan? _behindSince;
    private TimeSpan? _wellSince;

    public bool IsStale { get; private set; }

    /// <summary>How long what is known may be out of date; null while it is not.</summary>
    public TimeSpan? Behind(TimeSpan now) => _behindSince is { } since ? now - since : null;

    /// <returns>Whether <see cref="IsStale"/> is another now.</returns>
    public bool Look(bool isBehind, bool isHolding, TimeSpan now)
    {
        var before = IsStale;
        if (isBehind || isHolding)
        {
            _behindSince ??= now;
            _wellSince = null;
        }
        else
        {
            _wellSince ??= now;
            if (!IsStale || now - _wellSince >= freshAfter)
                _behindSince = null;
        }

        // What is held back is known to be doubtful at once.
        IsStale = isHolding || (_behindSince is { } since && (IsStale || now - since >= after));
        return IsStale != before;
    }
}
