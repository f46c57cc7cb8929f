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

    /// <summary>Null: all pods of its member.</summary>
    public PodLabel? Pods => Backend.Key.Group?.Pods;

    /// <summary>Of its pods among those of its member; 0: they get no new sessions but those that name them. Null: of all pods.</summary>
    public int? PodWeight { get; init; }

    /// <summary>0 for one that gets no new sessions.</summary>
    public long Weight => State == MemberState.Active && PodWeight != 0 ? Traffic.Weight : 0;

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
    /// <summary>Where no policy is said.</summary>
    internal static readonly TrafficPolicy Alike = new();

    private readonly Dictionary<(MemberName, LocalityTier), Comeback> _comebacks = [];

    public SteerKey Key { get; } = key;

    public TrafficPolicy Policy { get; set; } = policy;

    /// <summary>How servers of its groups are used; null: nobody said.</summary>
    public BackendPolicy? Servers { get; set; }

    public HashSet<RouteKey> Routes { get; } = [];

    /// <summary>No policy chooses among members: those of its groups of pods are all alike, as without groups.</summary>
    public bool IsOfPodsAlone { get; set; }

    /// <summary>In the order in which they are preferred.</summary>
    public IReadOnlyList<SteeredGroup> Groups { get; internal set; } = [];

    /// <summary>By values of a label that requests may name, those pods' groups with shares among themselves.</summary>
    public IReadOnlyList<(string Pods, IReadOnlyList<SteeredGroup> Groups)> Named { get; private set; } = [];

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
        var ramps = groups.GroupBy(static group => (group.Member, group.Tier)).ToDictionary(static unit => unit.Key, unit => RampOf(unit.Key, HealthyIn([.. unit]), now));
        foreach (var (id, comeback) in _comebacks)
        {
            if (!ramps.ContainsKey(id))
                comeback.See(isHealthy: false, now);
        }

        Groups = Shared(groups, ramps, Absent);
        var label = Servers is { IsTcp: false, BlueGreen: { MayBeNamed: true } named } ? named.ChosenLabel : null;
        Named = label is null ? [] :
        [
            .. groups.Where(group => group.Pods?.Key == label && group.State == MemberState.Active).GroupBy(static group => group.Pods!.Value.Value, StringComparer.Ordinal)
                .OrderBy(static pods => pods.Key, StringComparer.Ordinal)
                .Select(pods => (pods.Key, (IReadOnlyList<SteeredGroup>)Shared([.. pods.Select(static group => group with { PodWeight = 1 })], ramps, [])))
                .Where(static pods => pods.Item2.Any(static group => group.Share > 0 && group.Healthy > 0)),
        ];
    }

    private List<SteeredGroup> Shared(List<SteeredGroup> groups, Dictionary<(MemberName, LocalityTier), double> ramps, IReadOnlyList<ShareInput> absent)
    {
        var isOfPods = Servers?.BlueGreen?.IsOfPods == true;
        var units = groups.GroupBy(group => IsOfPodsAlone ? default : (group.Member, group.Tier)).Select(static unit => unit.ToList()).ToList();
        double[] shares = IsOfPodsAlone ? [1] : Shares.Of([.. units.Select(unit => InputOf(unit, ramps)), .. absent], Policy.HealthThresholdPercent, Policy.MinHealthyEndpoints);
        var ofPods = units.ConvertAll(unit => PodGroups.Shares(unit, isOfPods));
        var shareOf = units.SelectMany((unit, i) => unit.Select((group, j) => (group, Share: shares[i] * ofPods[i][j]))).ToDictionary(static item => item.group.Backend.Key, static item => item.Share);
        return groups.ConvertAll(group => group with { Share = shareOf[group.Backend.Key] });
    }

    /// <summary>What takes new sessions counts, and what would if it were ready.</summary>
    private static ShareInput InputOf(List<SteeredGroup> unit, Dictionary<(MemberName, LocalityTier), double> ramps)
    {
        var first = unit[0];
        var taking = unit.FindAll(static group => group.PodWeight != 0);
        var weight = taking.Exists(static group => group.Backend.Name is not null) ? taking[0].Weight : 0;
        return new ShareInput(first.Traffic.Priority, first.Tier, weight, taking.Sum(static group => group.Backend.Servers.Count) + first.Unready, taking.Sum(static group => group.Healthy), ramps[(first.Member, first.Tier)]);
    }

    private static int HealthyIn(List<SteeredGroup> unit) => unit.Exists(static group => group.PodWeight != 0)
        ? unit.Where(static group => group.PodWeight != 0).Sum(static group => group.Healthy)
        : unit.Sum(static group => group.Healthy);

    /// <summary>HAProxy was found to give these nothing, while others get something.</summary>
    internal void StartAnew(Func<SteeredGroup, bool> isIdle, TimeSpan now)
    {
        foreach (var group in Groups.Where(isIdle))
            ComebackOf((group.Member, group.Tier)).StartAnew(now);
    }

    private double RampOf((MemberName, LocalityTier) unit, int healthy, TimeSpan now)
    {
        var comeback = ComebackOf(unit);
        comeback.See(healthy >= Math.Max(1, Policy.MinHealthyEndpoints), now);
        return comeback.Ramp(Policy, now);
    }

    private Comeback ComebackOf((MemberName, LocalityTier) unit)
    {
        if (!_comebacks.TryGetValue(unit, out var comeback))
            _comebacks.Add(unit, comeback = new Comeback());
        return comeback;
    }
}
