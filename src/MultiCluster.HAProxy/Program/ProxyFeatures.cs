namespace MultiCluster.HAProxy.Program;

/// <summary>What the running version can do, where versions from 2.6 on differ (measured, see the design's haproxy.md).</summary>
/// <param name="DynamicBackends">Has <c>add backend</c>: no pool of slots is needed (3.4).</param>
/// <param name="AddServerEnabled"><c>add server … enabled</c> saves the second command; refused from 3.0 on.</param>
public sealed record ProxyFeatures(bool DynamicBackends, bool AddServerEnabled)
{
    public static ProxyFeatures Of(ProxyVersion version) => new(
        DynamicBackends: version >= new ProxyVersion(3, 4),
        AddServerEnabled: version < new ProxyVersion(2, 7));
}
