using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Model.Traffic;

/// <summary>Whether a member takes traffic; of a member as a whole, and of a member under one policy. The stricter of the two counts.</summary>
public enum MemberState
{
    Active,

    /// <summary>No new sessions; those that are bound to it go on.</summary>
    Drain,

    /// <summary>No traffic at all.</summary>
    Disabled,
}

/// <summary>Which endpoints are preferred, seen from the proxy; names as in a Service's trafficDistribution, and one of our own.</summary>
public enum TrafficDistribution
{
    None,

    /// <summary>The proxy's zone, then its region, then others; endpoints of unknown place come last.</summary>
    PreferSameZone,

    /// <summary>The proxy's region, then others; endpoints of unknown place come last.</summary>
    PreferSameRegion,
}

/// <summary>How a member's endpoints are chosen among; the member itself is chosen before, by its share.</summary>
public enum LoadBalancing
{
    RoundRobin,
    LeastConnections,
}

/// <summary>What a policy says of one member.</summary>
/// <param name="Weight">Share of the member among those of its priority, whatever its number of endpoints; 0: no new sessions.</param>
/// <param name="Priority">0 is the first; others get traffic as far as those before them are not healthy enough.</param>
public sealed record ClusterTraffic(MemberName Member, int Weight = ClusterTraffic.DefaultWeight, int Priority = 0, MemberState State = MemberState.Active)
{
    /// <summary>Of a member that the policy does not name, as Gateway API has it for backendRefs.</summary>
    public const int DefaultWeight = 1;

    public const int MaxWeight = 1_000_000;

    public const int MaxPriority = 15;
}

/// <summary>How requests of a federated ingress are spread over members. Checked: every number is in its range.</summary>
public sealed record TrafficPolicy
{
    public const int DefaultHealthThreshold = 70;

    /// <summary>Sorted by member, each once; a member that is not among them has the defaults.</summary>
    public EquatableArray<ClusterTraffic> Clusters { get; init; } = [];

    public TrafficDistribution Distribution { get; init; }

    /// <summary>1 to 100. A priority gives away what it lacks, in proportion, as soon as less of its endpoints than this is healthy.</summary>
    public int HealthThresholdPercent { get; init; } = DefaultHealthThreshold;

    /// <summary>A member with fewer healthy endpoints counts as having none.</summary>
    public int MinHealthyEndpoints { get; init; } = 1;

    /// <summary>Requests under way for each healthy endpoint of a member, above which further ones go to the next member; 0: no limit.</summary>
    public int MaxConnectionsPerEndpoint { get; init; }

    /// <summary>A member that comes back gets its share little by little over this time.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>A member that comes back gets nothing before it has been healthy for this time.</summary>
    public TimeSpan FailbackDelay { get; init; }

    public LoadBalancing Balance { get; init; }

    /// <summary>Sessions stay with the member (and the endpoint) that they began with.</summary>
    public bool SessionAffinity { get; init; }

    public ClusterTraffic Of(MemberName member)
    {
        foreach (var cluster in Clusters)
        {
            if (cluster.Member == member)
                return cluster;
        }

        return new ClusterTraffic(member);
    }
}
