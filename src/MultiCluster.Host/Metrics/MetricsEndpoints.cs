using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Controller.Metrics;
using MultiCluster.Host.Admin;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Metrics;

/// <summary>Serves <c>/metrics</c>.</summary>
internal static class MetricsEndpoints
{
    public const string Path = AdminPaths.Metrics;

    private const string AskAgainSeconds = "5";

    /// <summary>Beside the admin API, to those who may call it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder all, MetricsPage page, AdminGate gate) =>
        AdminGroup.Group(all, gate).MapGet(Path, (HttpContext call) => WriteAsync(page, call));

    /// <summary>On an address of its own, where there is nothing else: whoever reaches it may read.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder all, MetricsPage page) => all.MapGet(Path, (RequestDelegate)(call => WriteAsync(page, call)));

    private static async Task WriteAsync(MetricsPage page, HttpContext call)
    {
        call.Response.ContentType = MetricWriter.ContentType;
        try
        {
            if (await page.WriteAsync(call.Response.BodyWriter, call.RequestAborted))
                return;
        }
        catch (OperationCanceledException) when (call.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        call.Response.Headers.RetryAfter = AskAgainSeconds;
        await AdminGroup.Problem(new ProblemView("Too many at once", 503, "other scrapes are under way: ask less often, or from fewer places")).ExecuteAsync(call);
    }
}
