using System.Net;
using System.Net.Sockets;

namespace MultiCluster.Controller.Proxies;

/// <summary>Whether HAProxy might listen somewhere, tried before it is asked to: each of its own tries is a reload that fails.</summary>
internal static class FreePort
{
    /// <param name="address">As in haproxy.tcp-services.listen; "*" is every one.</param>
    public static bool Is(string address, int port)
    {
        var ip = address == "*" ? IPAddress.Any : IPAddress.TryParse(address.Trim('[', ']'), out var parsed) ? parsed : null;
        if (ip is null)
            return true;
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
