using System.Globalization;

namespace MultiCluster.HAProxy.Program;

/// <summary>Version of an HAProxy, as far as features depend on it.</summary>
public readonly record struct ProxyVersion(int Major, int Minor) : IComparable<ProxyVersion>
{
    /// <summary>Oldest version with all that the program needs: Debian 12's.</summary>
    public static readonly ProxyVersion Floor = new(2, 6);

    /// <summary>Reads texts such as "2.6.12-1+deb12u4" or "3.5-dev3".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ProxyVersion version)
    {
        version = default;
        var dot = text.IndexOf('.');
        if (dot <= 0)
            return false;
        var rest = text[(dot + 1)..];
        var end = 0;
        while (end < rest.Length && char.IsAsciiDigit(rest[end]))
            end++;
        if (!int.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
        {
            return false;
        }

        version = new ProxyVersion(major, minor);
        return true;
    }

    public int CompareTo(ProxyVersion other) =>
        Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    public static bool operator <(ProxyVersion left, ProxyVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ProxyVersion left, ProxyVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ProxyVersion left, ProxyVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ProxyVersion left, ProxyVersion right) => left.CompareTo(right) >= 0;
}
