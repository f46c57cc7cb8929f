using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Policies of routes, and choices among ingresses: each is written once, however many routes have it.</summary>
public sealed partial class DesiredData
{
    /// <summary>
    /// A request that began under a policy may come to its values as late as this, if it waits for a body or for another's word before; and which
    /// origins may read an answer is found out when there is one.
    /// </summary>
    public static readonly TimeSpan PolicyRest = TimeSpan.FromMinutes(2);

    private readonly Dictionary<object, UsedPolicy> _policies = [];
    private readonly Dictionary<string, UsedPolicy> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<UsedPolicy> _resting = [];
    private readonly Dictionary<RouteKey, RoutePolicy> _policyOf = [];

    /// <summary>Values of policies that no route has any more are still there, to be taken away by <see cref="ForgetPolicies"/>.</summary>
    public bool HasResting => _resting.Count > 0;

    /// <summary>Routes that have the policy with this id now.</summary>
    public IReadOnlyCollection<RouteKey> RoutesOf(ReadOnlySpan<char> policy) =>
        _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(policy, out var used) ? used.Routes : [];

    /// <summary>Takes away what has rested for long enough, by <see cref="Now"/>.</summary>
    public Touched ForgetPolicies()
    {
        var touched = new Touched();
        foreach (var policy in _resting.Where(policy => Now - policy.Since >= PolicyRest).ToList())
        {
            _resting.Remove(policy);
            _policies.Remove(policy.Policy);
            _byId.Remove(policy.Data.Id);
            if (policy.Data.Refused.Count > 0)
                _refusals.Set(RefusedKind.Policy, policy.First, null);
            foreach (var entry in policy.Data.Entries.Keys)
                Write(entry, null, touched);
        }

        return touched;
    }

    private void SetPolicy(RouteKey key, Route? route, Touched touched)
    {
        var after = Inherit(key, route);
        _policyOf.Remove(key, out var before);
        if (after is not null)
            _policyOf.Add(key, after);
        SetPolicy(key, before, after, touched);
    }

    /// <summary>What is said of requests; how servers are used is said of the place, not in maps.</summary>
    private static RoutePolicy? PolicyOf(Route? route) => route?.Key.Port is not null ? null : route?.Policy?.WithoutBackend() is { IsEmpty: false } policy ? policy : null;

    /// <param name="before">A <see cref="RoutePolicy"/> or a <see cref="RouteChoice"/>.</param>
    private void SetPolicy(RouteKey route, object? before, object? after, Touched touched)
    {
        if (after is not null)
            Use(after, route, touched).Routes.Add(route);
        if (before is null || before.Equals(after) || !_policies.TryGetValue(before, out var left) || !left.Routes.Remove(route) || left.Routes.Count > 0)
            return;
        left.Since = Now;
        _resting.Add(left);
    }

    private UsedPolicy Use(object policy, RouteKey route, Touched touched)
    {
        if (_policies.TryGetValue(policy, out var used))
        {
            _resting.Remove(used);
            return used;
        }

        used = new UsedPolicy(policy, policy is RouteChoice choice ? ChoiceData.Of(choice) : DataOf((RoutePolicy)policy), route);
        if (used.Data.Refused.Count > 0)
            _refusals.Set(RefusedKind.Policy, route, string.Join("; ", used.Data.Refused));
        _policies.Add(policy, used);
        _byId.Add(used.Data.Id, used);
        foreach (var (entry, value) in used.Data.Entries)
            Write(entry, value, touched);
        return used;
    }

    private PolicyData DataOf(RoutePolicy policy)
    {
        var data = PolicyData.Of(policy);
        return policy.BytesPerSecond is null || _steering.LimitsBandwidth
            ? data
            : data with { Refused = [.. data.Refused, "answers are not held back: set haproxy.bandwidth-limits = true, with HAProxy 2.7 or newer"] };
    }

    private string WithPolicy(Route route, string value) =>
        PolicyOf(route.Key) is { } policy && _policies[policy].Data is { Flags.Length: > 0 } data ? RouteMaps.WithPolicy(value, data.Id, data.Flags) : value;

    private sealed class UsedPolicy(object policy, PolicyData data, RouteKey first)
    {
        /// <summary>The route that brought it, by which people find what of it is left out.</summary>
        public RouteKey First { get; } = first;

        public object Policy { get; } = policy;

        public PolicyData Data { get; } = data;

        public HashSet<RouteKey> Routes { get; } = [];

        /// <summary>When its last route went.</summary>
        public TimeSpan Since { get; set; }
    }
}
