namespace MultiCluster.Acme.Orders;

/// <summary>How long to wait before the next look. Pure.</summary>
/// <param name="First">Doubled with every wait, up to <paramref name="Longest"/>, where the authority names none.</param>
internal readonly record struct Pacing(TimeSpan First, TimeSpan Longest)
{
    /// <param name="waits">How many there were.</param>
    /// <param name="asked">What the authority asks for, if it does; never less is waited, but for a zero.</param>
    public TimeSpan Next(int waits, TimeSpan? asked)
    {
        if (asked is { } time && time > TimeSpan.Zero)
            return time;
        var wait = First * Math.Pow(2, Math.Min(waits, 16));
        return wait < Longest ? wait : Longest;
    }
}
