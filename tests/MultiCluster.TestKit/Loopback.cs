using System.Net;
using System.Net.Sockets;

namespace MultiCluster.TestKit;

/// <summary>
/// Addresses of 127.0.0.0/8 that nobody else in this run has: what listens there can't meet another test's port, even when it
/// restarts.
/// </summary>
public static class Loopback
{
    private static readonly int Process = Environment.ProcessId;
    private static int _last;

    public static IPAddress NewAddress()
    {
        var number = Interlocked.Increment(ref _last);
        return new IPAddress([127, (byte)(20 + (Process % 200)), (byte)(number / 250), (byte)(1 + (number % 250))]);
    }

    public static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
