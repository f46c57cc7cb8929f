using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace MultiCluster.Federation.Text;

/// <summary>IP addresses as Kubernetes writes them: no octal, hexadecimal or shortened IPv4, no zone, no brackets.</summary>
internal static class IpText
{
    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Canonical text (RFC 5952 for IPv6) of an address that can be a server: not unspecified, multicast, broadcast or
    /// link-local, which Kubernetes refuses in endpoints too.
    /// </summary>
    public static bool TryCanonicalise(string text, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        if (IsIPv4(text, out var first, out var second))
        {
            if (first is 0 or >= 224 || (first == 169 && second == 254))
                return false;
            canonical = text;
            return true;
        }

        if (!LooksLikeIPv6(text) || !IPAddress.TryParse(text, out var address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            return TryCanonicalise(address.MapToIPv4().ToString(), out canonical);
        if (address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast || address.IsIPv6LinkLocal)
            return false;
        canonical = address.ToString();
        return true;
    }

    public static bool IsIPv4(string text) => IsIPv4(text, out _, out _);

    public static bool IsIPv6(string text) => LooksLikeIPv6(text) && IPAddress.TryParse(text, out _);

    private static bool IsIPv4(ReadOnlySpan<char> text, out int first, out int second)
    {
        first = second = 0;
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > 255)
                return false;
            if (count == 0)
                first = value;
            else if (count == 1)
                second = value;
            count++;
        }

        return count == 4;
    }

    private static bool LooksLikeIPv6(string text) =>
        text.Length is >= 2 and <= 45 && text.Contains(':') && !text.AsSpan().ContainsAnyExcept(IPv6Chars);
}
