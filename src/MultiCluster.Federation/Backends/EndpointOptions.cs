namespace MultiCluster.Federation.Backends;

public enum AddressFamily
{
    IPv4,
    IPv6,
}

/// <summary>Which addresses may be a server's.</summary>
/// <param name="AllowLoopback">
/// Also those of HAProxy's own machine. Whoever may write a Service could otherwise publish what listens there for nobody
/// else, the admin API first.
/// </param>
/// <param name="PreferFamily">Of pods, and of external names, that have addresses of both.</param>
/// <param name="DampsFlapping">Pods that come and go have to stay ready for a while before they count: <see cref="FlapDamper"/>.</param>
public sealed record EndpointOptions(bool AllowLoopback = false, AddressFamily PreferFamily = AddressFamily.IPv4, bool DampsFlapping = true)
{
    public static readonly EndpointOptions Default = new();
}
