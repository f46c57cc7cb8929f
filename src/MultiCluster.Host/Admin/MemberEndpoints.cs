using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Controller;
using MultiCluster.Controller.Admin;
using MultiCluster.Hocon;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Host.Admin;

/// <summary>The admin API of a controller about members.</summary>
internal static class MemberEndpoints
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromDays(1);

    public static void MapMemberApi(this IEndpointRouteBuilder all, ControllerSystem controller, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        var queries = new MemberQueries(controller);
        const string One = AdminPaths.Members + "/{name}";
        routes.MapGet(AdminPaths.Members, async (CancellationToken stop) =>
            Results.Json(await queries.ListAsync(stop), AdminJson.Default.IReadOnlyListMemberDetailView));
        routes.MapGet(AdminPaths.MemberProblems, async (CancellationToken stop) => Results.Json(await queries.ProblemsAsync(stop), AdminJson.Default.MemberProblemsView));
        routes.MapGet(One, async (string name, CancellationToken stop) => AdminGroup.Result(await queries.ShowAsync(name, stop), AdminJson.Default.MemberDetailView));
        routes.MapPost(One + "/approve", async (string name, CancellationToken stop) => Answer(await queries.ApproveAsync(name, stop)));
        routes.MapPost(One + "/remove", async (string name, string? grace, HttpContext call, CancellationToken stop) => Grace(grace) is { Problem: null } read
            ? Answer(await queries.RemoveAsync(name, read.Value, AdminGroup.CallerOf(call), stop))
            : AdminGroup.Problem(new ProblemView("Not a duration", 400, $"grace is \"{grace}\", which is no duration between 0s and 1d such as 30s"))).WithMetadata(new Needs(AdminRole.Admin));
        Map("drain", MemberState.Drain);
        Map("cordon", MemberState.Drain);
        Map("disable", MemberState.Disabled);
        Map("undrain", MemberState.Active);

        routes.MapBackends(BackendQueries.Of(controller));

        void Map(string order, MemberState state) => routes.MapPost(
            $"{One}/{order}", async (string name, HttpContext call, CancellationToken stop) => Answer(await queries.SetStateAsync(name, state, AdminGroup.CallerOf(call), stop)));
    }

    /// <summary>Of a process that only drives its HAProxy.</summary>
    public static void MapBackendApi(this IEndpointRouteBuilder all, BackendQueries queries, AdminGate gate) =>
        AdminGroup.Group(all, gate).MapBackends(queries);

    private static void MapBackends(this IEndpointRouteBuilder routes, BackendQueries queries) => routes.MapGet(
        AdminPaths.Backends,
        async (string? service, CancellationToken stop) => AdminGroup.Result(await queries.ListAsync(service, stop), AdminJson.Default.IReadOnlyListBackendView));

    private static IResult Answer(AdminAnswer<MemberOrderView> answer) => AdminGroup.Result(answer, AdminJson.Default.MemberOrderView);

    private static (TimeSpan? Value, string? Problem) Grace(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return (null, null);
        return HoconUnits.TryDuration(text, out var value) && value >= TimeSpan.Zero && value <= LongestGrace ? (value, null) : (null, "wrong");
    }
}
