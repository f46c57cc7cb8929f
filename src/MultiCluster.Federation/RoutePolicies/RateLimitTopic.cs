using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>How many requests of an address are answered.</summary>
internal static class RateLimitTopic
{
    private const long MaxLimit = 1_000_000_000;
    private const int OfficialStatus = 403;
    private const int CommunityStatus = 429;
    private const int NginxStatus = 503;
    private const int NginxBurst = 5;

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var limits = new Limits(CommunityStatus);
        limits.Add(annotations.Number("limit-rps"), TimeSpan.FromSeconds(1));
        limits.AddConnections(annotations.Number("limit-connections"));
        return limits.Into(policy, annotations, "limit-whitelist");
    }

    /// <summary>A period that the program has no table for becomes the next longer one, with as many requests more, so that the rate stays.</summary>
    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var limits = new Limits(annotations.Number("rate-limit-status-code") ?? OfficialStatus);
        if (annotations.Number("rate-limit-requests") is { } requests)
        {
            var period = annotations.Time("rate-limit-period") ?? TimeSpan.FromSeconds(1);
            if (period <= TimeSpan.Zero)
                annotations.Refuse("rate-limit-period", "is no time at all; write one such as 1s, 10s, 1m, 10m or 1h");
            else
                limits.Add(requests, period);
        }

        return limits.Into(policy, annotations, "rate-limit-whitelist");
    }

    /// <summary>
    /// nginx lets through a burst and then the rate, so that of T seconds it lets through burst + T * rate at most. Both a short and a long
    /// period are held to that, so that nothing is refused that nginx would answer, and in the long run little more than the rate is answered.
    /// </summary>
    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var limits = new Limits(NginxStatus);
        var burst = annotations.Number("limit-burst-multiplier") ?? NginxBurst;
        AddBurst(annotations.Number("limit-rps"), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        AddBurst(annotations.Number("limit-rpm"), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        limits.AddConnections(annotations.Number("limit-connections"));
        return limits.Into(policy, annotations, "limit-allowlist");

        void AddBurst(int? rate, TimeSpan unit, TimeSpan longPeriod)
        {
            limits.Add(rate * (1L + burst), unit);
            limits.Add(rate * ((long)(longPeriod / unit) + burst), longPeriod);
        }
    }

    private sealed class Limits(int status)
    {
        private readonly SortedDictionary<TimeSpan, long> _requests = [];
        private long? _connections;
        private bool _isSaid;

        /// <param name="limit">0: none.</param>
        public void Add(long? limit, TimeSpan period)
        {
            if (limit is not { } number)
                return;
            _isSaid = true;
            if (number == 0)
                return;
            var table = RateLimit.Periods.FirstOrDefault(known => known >= period, RateLimit.Periods[^1]);
            var scaled = (long)Math.Clamp(Math.Ceiling((decimal)number * table.Ticks / period.Ticks), 1, MaxLimit);
            _requests[table] = Math.Min(scaled, _requests.GetValueOrDefault(table, MaxLimit));
        }

        public void AddConnections(int? limit)
        {
            _isSaid |= limit is not null;
            if (limit > 0)
                _connections = Math.Min(limit.Value, MaxLimit);
        }

        public RoutePolicy? Into(RoutePolicy policy, FamilyAnnotations annotations, string exemptKey)
        {
            var exempt = Exempt(annotations, exemptKey);
            if (!_isSaid)
                return null;
            var limits = _requests.Select(item => new RateLimit(RateLimitKind.Requests, item.Value, item.Key, status, exempt)).ToList();
            if (_connections is { } connections)
                limits.Add(new RateLimit(RateLimitKind.Connections, connections, TimeSpan.Zero, status, exempt));
            return policy with { RateLimits = limits.ToEquatableArray() };
        }

        private static EquatableArray<string> Exempt(FamilyAnnotations annotations, string key)
        {
            var lists = new NetworkLists { Allow = [] };
            foreach (var part in annotations.Parts(key)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            {
                if (Network.Parse(part) is { } network)
                    lists.Allow.Add(network);
                else if (part.Length > 0)
                    annotations.Refuse(key, $"holds {Shown.Quoted(part)}, which counts for nothing; write an address or a network such as 10.0.0.0/8");
            }

            return lists.Flatten().Allow;
        }
    }
}
