namespace MultiCluster.HAProxy.Program;

/// <summary>What the running version can do, where versions from 2.6 on differ (measured, see the design's haproxy.md).</summary>
/// <param name="DynamicBackends">Has <c>add backend</c>: no pool of slots is needed (3.4).</param>
/// <param name="HashKeys">Has <c>hash-key addr-port</c>: where a server is on a ring follows from its address (3.0).</param>
/// <param name="BandwidthLimits">Has filters that hold answers back (2.7).</param>
public sealed record ProxyFeatures(bool DynamicBackends, bool HashKeys = false, bool BandwidthLimits = false)
{
    public static ProxyFeatures Of(ProxyVersion version) => new(
        DynamicBackends: version >= new ProxyVersion(3, 4), HashKeys: version >= new ProxyVersion(3, 0), BandwidthLimits: version >= new ProxyVersion(2, 7));
}
