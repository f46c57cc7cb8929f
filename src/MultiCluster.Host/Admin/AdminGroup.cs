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
    /// <param name="hosts">Names that clients may call it by.</param>
    public static RouteGroupBuilder Group(IEndpointRouteBuilder all, IReadOnlyList<string> hosts)
    {
        var group = all.MapGroup("");
        group.AddEndpointFilter(async (call, next) => Refusal(call.HttpContext.Request, hosts) is { } refusal ? Problem(refusal) : await next(call));
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

    /// <summary>A browser says where the page comes from that sends a request which changes something; mcctl says nothing of the kind.</summary>
    private static ProblemView? Refusal(HttpRequest request, IReadOnlyList<string> hosts)
    {
        if (!HostGuard.Admits(request.Host, hosts))
            return new ProblemView("Host refused", 421, "the admin API is called by IP address, as localhost, or by a name of admin.hosts");
        return !HttpMethods.IsGet(request.Method) && (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site"))
            ? new ProblemView("Origin refused", 403, "what changes something is not taken from web pages: use mcctl")
            : null;
    }
}
