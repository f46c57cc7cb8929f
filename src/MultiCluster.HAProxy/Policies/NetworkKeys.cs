using System.Globalization;
using System.Net;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Networks as beginnings of keys: '.' and the address's hexadecimal digits for IPv4, ':' and they for IPv6, as far as the network goes. One
/// that ends within a digit takes up to eight keys. The longest key that an address begins with is that of its smallest network.
/// </summary>
internal static class NetworkKeys
{
    private const int MappedBits = 96;

    /// <summary>All addresses, of both kinds.</summary>
    public static readonly IReadOnlyList<string> Everywhere = [".", ":"];

    /// <summary>A network or a single address.</summary>
    public static IPNetwork? Parse(string text)
    {
        if (!IPNetwork.TryParse(text, out var network))
        {
            if (!IPAddress.TryParse(text, out var address))
                return null;
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        // The program takes such addresses of clients for what they stand for.
        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
            : network;
    }

    public static IEnumerable<string> Of(IPNetwork network)
    {
        var digits = Convert.ToHexString(network.BaseAddress.GetAddressBytes());
        var mark = digits.Length == 8 ? "." : ":";
        var (whole, rest) = Math.DivRem(network.PrefixLength, 4);
        var beginning = mark + digits[..whole];
        if (rest == 0)
            return [beginning];
        var first = int.Parse(digits.AsSpan(whole, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Enumerable.Range(first, 1 << (4 - rest)).Select(digit => string.Create(CultureInfo.InvariantCulture, $"{beginning}{digit:X}"));
    }
}
