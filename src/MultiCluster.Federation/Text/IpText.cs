using System.Buffers;
using System.Globalization;
using System.Net;

namespace MultiCluster.Federation.Text;

/// <param name="Text">Canonical: RFC 5952 for IPv6, an IPv4 address mapped into IPv6 as IPv4.</param>
internal readonly record struct ServerAddress(string Text, bool IsLoopback);

/// <summary>IP addresses as Kubernetes writes them: no octal, hexadecimal or shortened IPv4, no zone, no brackets.</summary>
internal static class IpText
{
    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// An address that can be a server: not unspecified, multicast, broadcast or link-local (where clouds serve a machine's
    /// credentials), which Kubernetes refuses in endpoints too. Null otherwise.
    /// </summary>
    public static ServerAddress? Read(string text)
    {
        if (IsIPv4(text, out var first, out var second))
            return first is 0 or >= 224 || (first == 169 && second == 254) ? null : new ServerAddress(text, first == 127);
        if (!LooksLikeIPv6(text) || !IPAddress.TryParse(text, out var address))
            return null;
        if (address.IsIPv4MappedToIPv6)
            return Read(address.MapToIPv4().ToString());
        if (address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast || address.IsIPv6LinkLocal)
            return null;
        return new ServerAddress(address.ToString(), IPAddress.IsLoopback(address));
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
