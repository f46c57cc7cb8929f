using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <param name="Text">With the packager's suffix: <c>2.6.12-1+deb12u4</c>.</param>
public readonly record struct HAProxyVersion(int Major, int Minor, int Patch, string Text) : IComparable<HAProxyVersion>
{
    /// <summary>The oldest version whose Runtime API has what the program needs.</summary>
    public static HAProxyVersion Floor { get; } = new(2, 6, 0, "2.6");

    public static bool operator <(HAProxyVersion left, HAProxyVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(HAProxyVersion left, HAProxyVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(HAProxyVersion left, HAProxyVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HAProxyVersion left, HAProxyVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads <c>2.6.12-1+deb12u4</c>, <c>3.4.7</c>, <c>3.5-dev3-6019f6</c>.</summary>
    public static bool TryParse(string text, out HAProxyVersion version)
    {
        version = default;
        var parts = text.Split('.', 3);
        if (parts.Length < 2 || !LeadingNumber(parts[0], out var major) || !LeadingNumber(parts[1], out var minor))
            return false;
        var patch = 0;
        if (parts.Length == 3)
            _ = LeadingNumber(parts[2], out patch);
        version = new HAProxyVersion(major, minor, patch, text);
        return true;
    }

    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    public int CompareTo(HAProxyVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => Text;

    private static bool LeadingNumber(string text, out int number)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var part = digits < 0 ? text : text.AsSpan(0, digits);
        return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
