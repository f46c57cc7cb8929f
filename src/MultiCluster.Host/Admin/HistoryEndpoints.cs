using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Controller.Admin;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Persistence;

namespace MultiCluster.Host.Admin;

/// <summary>The past over HTTP.</summary>
internal static class HistoryEndpoints
{
    public static void MapHistoryApi(this IEndpointRouteBuilder all, HistoryQueries queries, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        routes.MapGet(AdminPaths.Ingresses + "/{ns}/{name}/history", (string ns, string name, string? since, CancellationToken stop) =>
            OfAsync(queries, EntityId.Ingress(new ObjectKey(ns, name)), since, stop));
        routes.MapGet(AdminPaths.Backends + "/{ns}/{name}/history", (string ns, string name, string? since, CancellationToken stop) =>
            OfAsync(queries, EntityId.Backend(new ObjectKey(ns, name)), since, stop));
        routes.MapGet(AdminPaths.Members + "/{name}/history", (string name, string? since, CancellationToken stop) =>
            OfAsync(queries, EntityId.Member(new MemberName(name)), since, stop));
        routes.MapGet(AdminPaths.PastRoutes, (string? at, string? host, CancellationToken stop) => AnswerAsync(queries, async () =>
            Time(queries, "at", at) is var (time, problem) && problem is null
                ? Results.Json(await queries.RoutesAsync(time, host, stop), AdminJson.Default.PastRoutesView)
                : problem!));
        routes.MapGet(AdminPaths.Diff, (string? from, string? to, CancellationToken stop) => AnswerAsync(queries, async () =>
        {
            var (start, problem) = Time(queries, "from", from);
            var (end, other) = Time(queries, "to", to ?? "0s");
            return problem ?? other ?? Results.Json(await queries.DiffAsync(start, end, stop), AdminJson.Default.TableDiffView);
        }));
    }

    private static Task<IResult> OfAsync(HistoryQueries queries, EntityId entity, string? since, CancellationToken stop) => AnswerAsync(queries, async () =>
    {
        var (time, problem) = since is null ? (default, null) : Time(queries, "since", since);
        return problem ?? Results.Json(await queries.OfAsync(entity, since is null ? null : time, stop), AdminJson.Default.HistoryView);
    });

    private static async Task<IResult> AnswerAsync(HistoryQueries queries, Func<Task<IResult>> answer)
    {
        if (!queries.IsKept)
            return Problem(404, "No history", "this controller stores nothing: persistence.store = none");
        try
        {
            return await answer();
        }
        catch (PersistenceException failure)
        {
            return Problem(503, "The database does not answer", failure.Message);
        }
    }

    private static (DateTimeOffset Time, IResult? Problem) Time(HistoryQueries queries, string name, string? text) => queries.Parse(text ?? "") is { } time
        ? (time, null)
        : (default, Problem(400, "Not a time", $"the query parameter \"{name}\" is a time such as 2026-01-31T12:00:00Z, or how long ago, such as 15m"));

    private static IResult Problem(int status, string title, string detail) => AdminGroup.Problem(new ProblemView(title, status, detail));
}
