using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// How far a group that came back may be used: nothing during the policy's delay, then more by the second until its slow start is
/// over. One that was healthy when it was first seen has never left.
/// </summary>
internal sealed class Comeback
{
    private bool _wasSeen;
    private bool _isHealthy;
    private TimeSpan? _since;

    /// <summary>Changes with time alone.</summary>
    public bool IsRamping => _since is not null;

    /// <param name="now">Of a clock that only goes forward, as everywhere here.</param>
    public void See(bool isHealthy, TimeSpan now)
    {
        if (!isHealthy)
            _since = null;
        else if (!_isHealthy && _wasSeen)
            _since = now;
        _isHealthy = isHealthy;
        _wasSeen = true;
    }

    /// <summary>It has been given nothing until now, for a reason that we have forgotten.</summary>
    public void StartAnew(TimeSpan now) => _since = _isHealthy ? now : null;

    /// <summary>0 to 1, in steps of a second.</summary>
    public double Ramp(TrafficPolicy policy, TimeSpan now)
    {
        if (_since is not { } since)
            return 1;
        var age = now - since - policy.FailbackDelay;
        if (age < TimeSpan.Zero)
            return 0;
        if (age < policy.SlowStart)
            return Math.Min(1, Math.Max(1, Math.Floor(age.TotalSeconds)) / policy.SlowStart.TotalSeconds);
        _since = null;
        return 1;
    }
}
