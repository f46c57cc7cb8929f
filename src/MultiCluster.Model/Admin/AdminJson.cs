using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiCluster.Model.Admin;

/// <summary>The admin API's JSON, for both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(IReadOnlyList<MemberView>))]
[JsonSerializable(typeof(IReadOnlyList<MemberDetailView>))]
[JsonSerializable(typeof(MemberDetailView))]
[JsonSerializable(typeof(MemberOrderView))]
[JsonSerializable(typeof(MemberProblemsView))]
[JsonSerializable(typeof(IReadOnlyList<BackendView>))]
[JsonSerializable(typeof(IReadOnlyList<IngressView>))]
[JsonSerializable(typeof(IReadOnlyList<RouteView>))]
[JsonSerializable(typeof(IReadOnlyList<ProxyView>))]
[JsonSerializable(typeof(IngressView))]
[JsonSerializable(typeof(ProxyDetailView))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(ClusterStateView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(LeftView))]
[JsonSerializable(typeof(DownedView))]
[JsonSerializable(typeof(RegionsView))]
[JsonSerializable(typeof(IReadOnlyList<ShardRowView>))]
[JsonSerializable(typeof(ShardEntitiesView))]
[JsonSerializable(typeof(ShardingStatsView))]
[JsonSerializable(typeof(FoundEntityView))]
[JsonSerializable(typeof(ActorView))]
[JsonSerializable(typeof(LogView))]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(LogGapView))]
[JsonSerializable(typeof(ProxyDiffView))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(PastRoutesView))]
[JsonSerializable(typeof(TableDiffView))]
public sealed partial class AdminJson : JsonSerializerContext;

/// <summary>Paths of the admin API.</summary>
public static class AdminPaths
{
    public const string Members = "/api/v1/members";

    /// <summary>Of what names members and can't be used; beside the members, since a member may have any name.</summary>
    public const string MemberProblems = "/api/v1/member-problems";

    /// <summary>Query parameter <c>service</c> (namespace/name) for those of one Service.</summary>
    public const string Backends = "/api/v1/backends";

    public const string Ingresses = "/api/v1/ingresses";

    /// <summary>With the query parameter <c>host</c> only the routes whose rule names just that host, such as "*.a.example".</summary>
    public const string Routes = "/api/v1/routes";

    public const string Proxies = "/api/v1/proxies";

    /// <summary>Query parameter <c>url</c>.</summary>
    public const string Explain = "/api/v1/explain";

    /// <summary>Query parameter <c>at</c>: RFC 3339, or how long ago, such as 15m; <c>host</c> as with routes.</summary>
    public const string PastRoutes = "/api/v1/history/routes";

    /// <summary>Query parameters <c>from</c> and <c>to</c>, as above; without <c>to</c> up to now.</summary>
    public const string Diff = "/api/v1/history/diff";

    /// <summary>No JSON: Prometheus' text format.</summary>
    public const string Metrics = "/metrics";

    /// <summary>200 while the process works.</summary>
    public const string Live = "/livez";

    /// <summary>200 once HAProxy serves what is known of the members, also when some of them can't be read; the body tells.</summary>
    public const string Ready = "/readyz";

    public static string Member(string name) => $"{Members}/{Escape(name)}";

    /// <summary>POST.</summary>
    /// <param name="order">drain, undrain, cordon (as drain), disable, approve or remove.</param>
    /// <param name="grace">With remove: how long it drains before, such as 30s; null for the configured time.</param>
    public static string MemberOrder(string name, string order, string? grace = null) =>
        $"{Member(name)}/{order}{(grace is null ? "" : $"?grace={Escape(grace)}")}";

    public static string BackendsOf(string service) => $"{Backends}?service={Escape(service)}";

    public static string Ingress(string @namespace, string name) => $"{Ingresses}/{Escape(@namespace)}/{Escape(name)}";

    public static string Proxy(string name) => $"{Proxies}/{Escape(name)}";

    /// <param name="since">RFC 3339, or how long ago; null: all that is kept.</param>
    public static string HistoryOf(string path, string? since) => $"{path}/history{(since is null ? "" : $"?since={Escape(since)}")}";

    public static string Backend(string @namespace, string name) => $"{Backends}/{Escape(@namespace)}/{Escape(name)}";

    public static string PastRoutesOf(string at, string? host) => $"{PastRoutes}?at={Escape(at)}{(host is null ? "" : $"&host={Escape(host)}")}";

    public static string DiffOf(string from, string? to) => $"{Diff}?from={Escape(from)}{(to is null ? "" : $"&to={Escape(to)}")}";

    public static string RoutesOf(string host) => $"{Routes}?host={Escape(host)}";

    /// <param name="headers">Each a name, ':' and a value.</param>
    public static string ExplainOf(string url, string? method = null, string? from = null, IReadOnlyList<string>? headers = null) => string.Concat(
        (headers ?? []).Select(static header => $"&header={Escape(header)}")
            .Prepend(from is null ? "" : $"&from={Escape(from)}")
            .Prepend(method is null ? "" : $"&method={Escape(method)}")
            .Prepend($"{Explain}?url={Escape(url)}"));

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
