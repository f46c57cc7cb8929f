using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Controller.Admin;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Admin;

/// <summary>The admin API over HTTP.</summary>
internal static class AdminEndpoints
{
    public static void MapAdminApi(this IEndpointRouteBuilder all, AdminQueries queries, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        MapProxies(routes, queries);
        routes.MapGet(AdminPaths.Ingresses, async (CancellationToken stop) =>
            Results.Json(await queries.IngressesAsync(stop), AdminJson.Default.IReadOnlyListIngressView));
        routes.MapGet(AdminPaths.Ingresses + "/{ns}/{name}", (string ns, string name, CancellationToken stop) => IngressAsync(queries, ns, name, stop));
        routes.MapGet(AdminPaths.Routes, (string? host, CancellationToken stop) => RoutesAsync(queries, host, stop));
        routes.MapGet(AdminPaths.Explain, (string? url, string? method, string? from, string[]? header, CancellationToken stop) => ExplainAsync(queries, url, method, from, header, stop));
    }

    /// <summary>Of a process that only drives its HAProxy.</summary>
    public static void MapProxyApi(this IEndpointRouteBuilder all, IProxyQueries queries, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        MapProxies(routes, queries);
        routes.MapFallback(static () => Problem(
            404, "Not here", "this process has role proxy and knows its HAProxy only: ask a controller (mcctl --server)"));
    }

    private static void MapProxies(RouteGroupBuilder routes, IProxyQueries queries)
    {
        routes.MapGet(AdminPaths.Proxies, async (CancellationToken stop) =>
            Results.Json(await queries.ProxiesAsync(stop), AdminJson.Default.IReadOnlyListProxyView));
        routes.MapGet(AdminPaths.Proxies + "/{name}", (string name, CancellationToken stop) => ProxyAsync(queries, name, stop));
        routes.MapGet(AdminPaths.Live, () => Results.Text("ok\n")).WithMetadata(new OpenToAll());
        routes.MapGet(AdminPaths.Ready, (CancellationToken stop) => ReadyAsync(queries, stop)).WithMetadata(new OpenToAll());
    }

    private static async Task<IResult> RoutesAsync(AdminQueries queries, string? host, CancellationToken stop)
    {
        var routes = await queries.RoutesAsync(stop);
        if (host is not null)
            routes = [.. routes.Where(route => string.Equals(route.Host, host, StringComparison.OrdinalIgnoreCase))];
        return Results.Json(routes, AdminJson.Default.IReadOnlyListRouteView);
    }

    private static async Task<IResult> IngressAsync(AdminQueries queries, string ns, string name, CancellationToken stop) =>
        await queries.IngressAsync(new ObjectKey(ns, name), stop) is { } ingress
            ? Results.Json(ingress, AdminJson.Default.IngressView)
            : Problem(404, "Ingress not found", $"no member has an Ingress {ns}/{name}; \"mcctl ingress list\" shows those known");

    private static async Task<IResult> ProxyAsync(IProxyQueries queries, string name, CancellationToken stop) =>
        await queries.ProxyAsync(name, stop) is { } proxy
            ? Results.Json(proxy, AdminJson.Default.ProxyDetailView)
            : Problem(404, "Proxy not found", $"there is no proxy {name}; \"mcctl proxy list\" shows those known");

    private static async Task<IResult> ExplainAsync(AdminQueries queries, string? url, string? method, string? from, string[]? headers, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(url))
            return Problem(400, "URL missing", "give the URL to explain as the query parameter \"url\"");
        return ExplainQuestion.Read(url, method, headers ?? [], from, out var problem) is { } question
            ? Results.Json(await queries.ExplainAsync(question, stop), AdminJson.Default.ExplainView)
            : Problem(400, "Not a request", problem!);
    }

    private static async Task<IResult> ReadyAsync(IProxyQueries queries, CancellationToken stop)
    {
        var state = await queries.ReadyAsync(stop);
        return Results.Text(
            string.Concat(state.Lines.Select(static line => line + "\n")),
            statusCode: state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Problem(int status, string title, string detail) => AdminGroup.Problem(new ProblemView(title, status, detail));
}
