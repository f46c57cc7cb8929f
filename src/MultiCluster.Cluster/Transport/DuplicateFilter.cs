namespace MultiCluster.Cluster.Transport;

/// <summary>
/// Which of one sender's numbers have been seen. Numbers may come in any order within a window; what is older than the window
/// counts as seen, so that nothing is ever taken twice.
/// </summary>
public sealed class DuplicateFilter
{
    /// <summary>In messages.</summary>
    public const int Window = 4096;

    private readonly ulong[] _seen = new ulong[Window / 64];
    private long _highest;

    /// <param name="number">From 1.</param>
    /// <returns>False if it was seen before, or may have been.</returns>
    public bool TryTake(long number)
    {
        if (number <= _highest - Window || number < 1)
            return false;
        if (number > _highest)
        {
            Advance(number);
            return true;
        }
        ref var word = ref _seen[Word(number)];
        var bit = 1UL << (int)(number & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    private void Advance(long number)
    {
        if (number - _highest >= Window)
        {
            Array.Clear(_seen);
        }
        else
        {
            for (var passed = _highest + 1; passed < number; passed++)
                _seen[Word(passed)] &= ~(1UL << (int)(passed & 63));
        }
        _highest = number;
        _seen[Word(number)] |= 1UL << (int)(number & 63);
    }

    private static int Word(long number) => (int)((number & (Window - 1)) >> 6);
}
