namespace MultiCluster.HAProxy.Program;

/// <summary>What the running version can do, where versions from 2.6 on differ (measured, see the design's haproxy.md).</summary>
/// <param name="DynamicBackends">Has <c>add backend</c>: no pool of slots is needed (3.4).</param>
public sealed record ProxyFeatures(bool DynamicBackends)
{
    public static ProxyFeatures Of(ProxyVersion version) => new(DynamicBackends: version >= new ProxyVersion(3, 4));
}
