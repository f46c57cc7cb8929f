using System.Net;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>
/// Addresses of pods: loopback ones, unless a network is given that a real API server takes in EndpointSlices and that this machine
/// has made its own (<c>ip route add local 198.18.0.0/16 dev lo</c>).
/// </summary>
internal static class PodAddresses
{
    /// <summary>An IPv4 network such as 198.18.0.0/16.</summary>
    public const string Variable = "MULTICLUSTER_TEST_POD_NETWORK";

    private static readonly IPNetwork? Network =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? IPNetwork.Parse(text) : null;

    private static int _last;

    public static bool AreLoopback => Network is null;

    public static IPAddress New()
    {
        if (Network is not { } network)
            return Loopback.NewAddress();
        var bytes = network.BaseAddress.GetAddressBytes();
        var number = (uint)Interlocked.Increment(ref _last);
        var start = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, start + number);
        return new IPAddress(bytes);
    }
}
