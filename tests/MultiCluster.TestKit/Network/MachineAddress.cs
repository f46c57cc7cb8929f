using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MultiCluster.TestKit.Network;

/// <summary>An address of this machine that is neither loopback nor link-local: what policies may ask must not be those.</summary>
public static class MachineAddress
{
    /// <summary>IPv4; null on a machine that has none.</summary>
    public static IPAddress? Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static item => item.OperationalStatus == OperationalStatus.Up)
        .SelectMany(static item => item.GetIPProperties().UnicastAddresses.Select(static unicast => unicast.Address))
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address) && address.GetAddressBytes() is not [169, 254, ..]);
}
