using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Data;

/// <summary>What of the options data depends on.</summary>
/// <param name="CanVerify">There are authorities to verify endpoints' certificates by.</param>
public sealed record SteeringOptions(ProxyLocality Locality, int MaxCheckedServers, string SessionKey, bool CanVerify = true)
{
    public static readonly SteeringOptions Default = new(ProxyLocality.Unknown, CheckOptions.Default.MaxServers, "multicluster");

    public static SteeringOptions Of(ProgramOptions options) => new(options.Locality, options.Checks.MaxServers, options.SessionKey, options.Authorities is not null)
    {
        TakenPorts = options.Binds.Select(static bind => bind.Address).Concat(options.OwnAddresses).Select(PortOf).OfType<int>().ToEquatableArray(),
        TcpRange = options.TcpRange,
    };

    /// <summary>That requests come to, and that our own process listens on.</summary>
    public EquatableArray<int> TakenPorts { get; init; } = [];

    /// <summary>Answers can be held back.</summary>
    public bool LimitsBandwidth { get; init; } = true;

    public PortRange TcpRange { get; init; } = PortRange.All;

    private static int? PortOf(string address) => int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
