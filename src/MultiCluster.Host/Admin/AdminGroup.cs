using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Actors;
using MultiCluster.Controller.Admin;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Admin;

/// <summary>What all endpoints of the admin API share: who may call, and errors in words.</summary>
internal static class AdminGroup
{
    private static readonly object CallerKey = new();

    public static RouteGroupBuilder Group(IEndpointRouteBuilder all, AdminGate gate)
    {
        var group = all.MapGroup("");
        group.AddEndpointFilter(async (call, next) =>
        {
            var (caller, refusal) = gate.Judge(call.HttpContext);
            if (refusal is { Status: StatusCodes.Status401Unauthorized })
                call.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            if (refusal is not null)
                return Problem(refusal);
            call.HttpContext.Items[CallerKey] = caller;
            return await next(call);
        });
        group.AddEndpointFilter(async (call, next) =>
        {
            try
            {
                return await next(call);
            }
            catch (Exception e) when (e is AskTimeoutException or UndeliverableException)
            {
                return Problem(new ProblemView("No answer", 503, $"{e.Message} It may be starting or overloaded: try again, and see \"mcctl log tail\""));
            }
        });
        return group;
    }

    public static IResult Problem(ProblemView problem) =>
        Results.Json(problem, AdminJson.Default.ProblemView, "application/problem+json", problem.Status);

    public static IResult Result<T>(AdminAnswer<T> answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => answer.IsOk ? Results.Json(answer.View, type) : Problem(answer.Problem);

    /// <summary>For the history; empty for whoever is on this machine.</summary>
    public static string CallerOf(HttpContext call) => (call.Items[CallerKey] as AdminCaller)?.Name ?? "";
}
