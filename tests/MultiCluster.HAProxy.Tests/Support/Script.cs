namespace MultiCluster.HAProxy.Tests.Support;

/// <summary>A generated run of decisions; a shorter or smaller one is a simpler run, so that FsCheck's shrinking helps.</summary>
public sealed class Script(byte[] bytes)
{
    private int _at;

    public bool IsAtEnd => _at >= bytes.Length;

    /// <summary>0 to <paramref name="limit"/> - 1; 0 when the script has ended.</summary>
    public int Next(int limit) => IsAtEnd ? 0 : bytes[_at++] % limit;

    public bool Chance(int percent) => Next(100) >= 100 - percent;
}
