namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>What <c>haproxy -c</c> says about a configuration.</summary>
/// <param name="Alerts">Why it is refused, one line each, without the closing summary lines.</param>
/// <param name="Warnings">It starts nevertheless.</param>
public sealed record ConfigurationCheck(bool IsValid, IReadOnlyList<string> Alerts, IReadOnlyList<string> Warnings);
