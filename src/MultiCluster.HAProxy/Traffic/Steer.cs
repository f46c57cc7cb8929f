using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>One of the groups that a steered route chooses among.</summary>
/// <param name="State">The stricter of what the policy and the member itself say.</param>
public sealed record SteeredGroup(DesiredBackend Backend, ClusterTraffic Traffic, MemberState State)
{
    public MemberName Member => Traffic.Member;

    public LocalityTier Tier => Backend.Key.Group?.Tier ?? LocalityTier.Any;

    /// <summary>0 for one that gets no new sessions.</summary>
    public long Weight => State == MemberState.Active ? Traffic.Weight : 0;

    /// <summary>Endpoints without a server, since Kubernetes does not call them ready: HAProxy never hears of them.</summary>
    public int Unready { get; init; }

    /// <summary>Endpoints, ready or not.</summary>
    public int Total => Backend.Servers.Count + Unready;

    /// <summary>Endpoints with a server that HAProxy does not know to be down.</summary>
    public int Healthy { get; init; }

    /// <summary>Of new sessions, 0 to 1.</summary>
    public double Share { get; init; }
}

/// <summary>A choice among groups: what it was made of, and what it came to.</summary>
public sealed class Steer(SteerKey key, TrafficPolicy policy)
{
    private readonly Dictionary<(MemberName, LocalityTier), Comeback> _comebacks = [];

    public SteerKey Key { get; } = key;

    public TrafficPolicy Policy { get; set; } = policy;

    /// <summary>How servers of its groups are used; null: nobody said.</summary>
    public BackendPolicy? Servers { get; set; }

    public HashSet<RouteKey> Routes { get; } = [];

    /// <summary>In the order in which they are preferred.</summary>
    public IReadOnlyList<SteeredGroup> Groups { get; internal set; } = [];

    /// <summary>What members lack of which no endpoint is ready, so that they have no group.</summary>
    internal IReadOnlyList<ShareInput> Absent { get; set; } = [];

    /// <summary>Shares change with time alone.</summary>
    public bool IsRamping => _comebacks.Values.Any(static comeback => comeback.IsRamping);

    /// <summary>What is written of it.</summary>
    internal Dictionary<MapKey, string> Entries { get; set; } = [];

    /// <summary>Its routes stay where they are: it has endpoints, and no place for them yet.</summary>
    internal bool IsWaiting => Groups.Count > 0 && Groups.All(static group => group.Backend.Name is null);

    /// <summary>What its routes were written with last.</summary>
    internal (string Value, bool IsWaiting) Written { get; set; } = ("", false);

    /// <summary>Computes shares from policy, health and time.</summary>
    internal void Divide(Func<DesiredBackend, int> healthy, TimeSpan now)
    {
        var groups = Groups.Select(group => group with { Healthy = healthy(group.Backend) }).ToList();
        var inputs = groups.ConvertAll(group => new ShareInput(
            group.Traffic.Priority, group.Tier, group.Backend.Name is null ? 0 : group.Weight, group.Total, group.Healthy, RampOf(group, now)));
        foreach (var (id, comeback) in _comebacks)
        {
            if (!groups.Exists(group => (group.Member, group.Tier) == id))
                comeback.See(isHealthy: false, now);
        }

        inputs.AddRange(Absent);
        var shares = Shares.Of(inputs, Policy.HealthThresholdPercent, Policy.MinHealthyEndpoints);
        Groups = [.. groups.Select((group, i) => group with { Share = shares[i] })];
    }

    /// <summary>HAProxy was found to give these nothing, while others get something.</summary>
    internal void StartAnew(Func<SteeredGroup, bool> isIdle, TimeSpan now)
    {
        foreach (var group in Groups.Where(isIdle))
            ComebackOf(group).StartAnew(now);
    }

    private double RampOf(SteeredGroup group, TimeSpan now)
    {
        var comeback = ComebackOf(group);
        comeback.See(group.Healthy >= Math.Max(1, Policy.MinHealthyEndpoints), now);
        return comeback.Ramp(Policy, now);
    }

    private Comeback ComebackOf(SteeredGroup group)
    {
        if (!_comebacks.TryGetValue((group.Member, group.Tier), out var comeback))
            _comebacks.Add((group.Member, group.Tier), comeback = new Comeback());
        return comeback;
    }
}
