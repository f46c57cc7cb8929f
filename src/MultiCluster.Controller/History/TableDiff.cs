using MultiCluster.Controller.Admin;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.History;

/// <summary>What two tables don't have in common, sorted. Pure.</summary>
internal static class TableDiff
{
    public static IReadOnlyList<PastDifferenceView> Between(RoutingDelta before, RoutingDelta after) =>
    [
        .. Compare(before.Routes, after.Routes, "Route", static key => key.ToString(), Words),
        .. Compare(Counts(before), Counts(after), "Endpoints", static key => key, static count => count),
        .. Compare(before.Certificates, after.Certificates, "Certificate", static host => host, static certificate => $"{certificate.Fingerprint} until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}"),
        .. Compare(before.Members, after.Members, "Member", static member => member.Value, TrafficWords.Of),
    ];

    private static IEnumerable<PastDifferenceView> Compare<TKey, TValue>(
        IEnumerable<KeyValuePair<TKey, TValue?>> before, IEnumerable<KeyValuePair<TKey, TValue?>> after, string kind, Func<TKey, string> name, Func<TValue, string> words)
        where TKey : notnull
        where TValue : class
    {
        var old = before.ToDictionary(static item => item.Key, static item => item.Value!);
        var next = after.ToDictionary(static item => item.Key, static item => item.Value!);
        return old.Keys.Union(next.Keys)
            .Where(key => !Equals(old.GetValueOrDefault(key), next.GetValueOrDefault(key)))
            .Select(key => new PastDifferenceView(kind, name(key), old.GetValueOrDefault(key) is { } was ? words(was) : null, next.GetValueOrDefault(key) is { } became ? words(became) : null))
            .OrderBy(static difference => difference.Name, StringComparer.Ordinal);
    }

    private static string Words(Route route) => $"{route.Backend.Ref} of {string.Join(", ", route.Backend.Members)}, ingress {route.Ingress}{(route.Policy is null ? "" : $", policy {PolicyMark.Of(route.Policy)}")}";

    /// <summary>By Service and member.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Counts(RoutingDelta table) =>
        from item in table.Backends
        from member in item.Value?.Members.Items ?? []
        select KeyValuePair.Create($"{item.Key} of {member.Member}", (string?)Addresses(member));

    private static string Addresses(MemberBackend member) => string.Join(' ', member.Ports.Items
        .SelectMany(static port => port.Endpoints.Items.Select(static endpoint => endpoint.Pod.Length == 0 ? endpoint.Address : endpoint.Pod)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
