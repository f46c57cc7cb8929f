namespace MultiCluster.Model.Admin;

/// <summary>What a HAProxy should hold, compared with what was just read from it.</summary>
/// <param name="DesiredVersion">Of the route table that was compared.</param>
/// <param name="Pending">Changes are on their way: what differs may be just that.</param>
public sealed record ProxyDiffView(
    string Proxy, string State, string? StateReason, long DesiredVersion, bool Pending, IReadOnlyList<DifferenceView> Differences);

/// <param name="Kind">Route, Owner (of a place for a backend), Backend, Server or Certificate.</param>
/// <param name="Wanted">Null: HAProxy should not hold it.</param>
/// <param name="Held">Null: HAProxy does not hold it.</param>
/// <param name="Reason">Why that stays, as far as it is known.</param>
public sealed record DifferenceView(string Kind, string Item, string? Wanted, string? Held, string? Reason);
