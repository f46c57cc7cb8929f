using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>What each member is given of a URL's requests, as the proxy has computed it and HAProxy holds it.</summary>
internal static class ShareState
{
    /// <summary>Points: what is shown is rounded, of each place of a member.</summary>
    private const double Rounding = 0.02;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static bool AreSame(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        one.Count == other.Count && one.All(item => other.TryGetValue(item.Key, out var percent) && Math.Abs(percent - item.Value) <= Rounding);

    /// <returns>Shares that fit and that HAProxy holds, by the members that have one.</returns>
    public static async Task<IReadOnlyDictionary<string, double>> UntilAsync(
        IPEndPoint admin, string url, Func<IReadOnlyDictionary<string, double>, bool> fits, string what)
    {
        IReadOnlyDictionary<string, double> shares = new Dictionary<string, double>();
        await Await.NothingMissingAsync(async () =>
        {
            var (view, problem) = await FindAsync(admin, url);
            if (view is null)
                return $"{url} -> {what}; {problem}";
            shares = Of(view);
            return fits(shares) ? await UnheldAsync(admin, view.Proxy) : $"{url} -> {what}; {view.Backend} has {Shares.Text(shares)} ({string.Join(", ", view.Shares)})";
        });
        return shares;
    }

    /// <summary>Until what is said of the URL's backend fits, and HAProxy holds it.</summary>
    public static Task UntilAsync(IPEndPoint admin, string url, Func<BackendView, bool> fits, string what) => Await.NothingMissingAsync(async () =>
    {
        var (view, problem) = await FindAsync(admin, url);
        if (view is null)
            return $"{url} -> {what}; {problem}";
        return fits(view) ? await UnheldAsync(admin, view.Proxy) : $"{url} -> {what}; {view.Backend} has {string.Join(", ", view.Shares)}";
    });

    /// <summary>Until HAProxy sends the URL's requests to these addresses and no others, and holds all that it should.</summary>
    /// <returns>Points of the one that gets the fewest requests.</returns>
    public static async Task<double> UntilServersAsync(Setting setting, string url, IReadOnlySet<string> addresses)
    {
        var least = 0.0;
        await Await.NothingMissingAsync(async () =>
        {
            var (view, problem) = await FindAsync(setting.AdminListen, url);
            if (view is null)
                return $"{url} -> servers {string.Join(", ", addresses)}; {problem}";
            var percent = view.Shares.Where(static share => share.SharePercent > 0)
                .GroupBy(static share => share.Slot ?? "", StringComparer.Ordinal)
                .ToDictionary(static parts => parts.Key, static parts => parts.Sum(static part => part.SharePercent), StringComparer.Ordinal);
            var servers = (await HAProxyFiles.ServersAsync(setting.StateDirectory))
                .Select(static row => row.Split(' '))
                .Where(row => percent.ContainsKey(row[0]))
                .ToLookup(static row => row[0], static row => row[1][..row[1].LastIndexOf(':')], StringComparer.Ordinal);
            var used = servers.SelectMany(static of => of).ToHashSet(StringComparer.Ordinal);
            if (!used.SetEquals(addresses))
                return $"{url} -> servers {string.Join(", ", addresses)}; {view.Backend} has {string.Join(", ", used)} ({string.Join(", ", view.Shares)})";
            least = percent.Min(item => item.Value / Math.Max(1, servers[item.Key].Count()));
            return await UnheldAsync(setting.AdminListen, view.Proxy);
        });
        return least;
    }

    private static Dictionary<string, double> Of(BackendView view) => view.Shares
        .GroupBy(static share => share.Member, StringComparer.Ordinal)
        .Select(static parts => (Member: parts.Key, Percent: parts.Sum(static part => part.SharePercent)))
        .Where(static item => item.Percent > 0)
        .ToDictionary(static item => item.Member, static item => item.Percent, StringComparer.Ordinal);

    /// <summary>Where the route that serves the URL leads to: of an Ingress with a policy its own shares, else those that all without one have.</summary>
    private static async Task<(BackendView? View, string Problem)> FindAsync(IPEndPoint admin, string url)
    {
        if ((await GetAsync(admin, AdminPaths.ExplainOf(url), AdminJson.Default.ExplainView))?.Route is not { } route)
            return (null, "there is no route");
        var service = route.Backend.Split('@')[0];
        var views = await GetAsync(admin, AdminPaths.BackendsOf(service[..service.IndexOf(':', StringComparison.Ordinal)]), AdminJson.Default.IReadOnlyListBackendView) ?? [];
        var found = views.FirstOrDefault(view => view.Ingress == route.Ingress && view.Backend == service)
            ?? views.FirstOrDefault(view => view.Ingress is null && view.Backend == $"{service}@{string.Join(',', route.Members)}");
        return (found, $"{route} leads to none of {string.Join(", ", views)}");
    }

    /// <returns>What HAProxy does not hold yet, of all that it should; null for nothing.</returns>
    public static async Task<string?> UnheldAsync(IPEndPoint admin, string proxy)
    {
        if (await GetAsync(admin, ClusterPaths.Diff(proxy), AdminJson.Default.ProxyDiffView) is not { } diff)
            return $"a comparison of proxy {proxy}";
        var unheld = diff.Differences.Where(Counts).ToList();
        return unheld.Count == 0 ? null : $"in HAProxy, what differs: {string.Join(", ", unheld)}";
    }

    /// <summary>Servers that nobody is sent to wait for the last connection to them, and their places with them. What is refused stays, with a reason.</summary>
    private static bool Counts(DifferenceView item) =>
        item.Reason is null && (item.Wanted is not null || !(item.Kind == "Owner" || item.Held!.EndsWith(" in maintenance", StringComparison.Ordinal)));

    /// <returns>Null where there is no such thing, or nobody to ask, now.</returns>
    private static async Task<T?> GetAsync<T>(IPEndPoint admin, string path, JsonTypeInfo<T> type)
        where T : class
    {
        using var answer = await Http.GetAsync(new Uri($"http://{admin}{path}"));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync(type) : null;
    }
}
