using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>What of the options data depends on.</summary>
/// <param name="CanVerify">There are authorities to verify endpoints' certificates by.</param>
public sealed record SteeringOptions(ProxyLocality Locality, int MaxCheckedServers, string SessionKey, bool CanVerify = true)
{
    public static readonly SteeringOptions Default = new(ProxyLocality.Unknown, CheckOptions.Default.MaxServers, "multicluster");

    public static SteeringOptions Of(ProgramOptions options) => new(options.Locality, options.Checks.MaxServers, options.SessionKey, options.Authorities is not null);
}
