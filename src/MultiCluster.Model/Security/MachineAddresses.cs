using System.Net;

namespace MultiCluster.Model.Security;

/// <summary>
/// Addresses that are no tenant's to have a proxy ask: its own ports and link, those of no single machine, and where clouds serve a machine's
/// credentials.
/// </summary>
public static class MachineAddresses
{
    /// <summary>Amazon over IPv6, Google over IPv6, Alibaba, Azure and Oracle; 169.254.169.254 is on the link.</summary>
    private static readonly IPAddress[] OfClouds =
        [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192")];

    public static bool Holds(IPAddress given)
    {
        var address = Plain(given);
        return IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any)
            || address.GetAddressBytes() is [0 or 127 or >= 224, _, _, _] or [169, 254, _, _] || OfClouds.Contains(address);
    }

    /// <summary>An IPv4 address in IPv6's clothes is what it stands for: mapped, for NAT64 (RFC 6052) or 6to4 (RFC 3056).</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.GetAddressBytes() switch
        {
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. { Length: 4 } last] => new IPAddress(last),
            [0x20, 0x02, var a, var b, var c, var d, ..] bytes when bytes.Length == 16 => new IPAddress([a, b, c, d]),
            _ => address,
        };
    }
}
