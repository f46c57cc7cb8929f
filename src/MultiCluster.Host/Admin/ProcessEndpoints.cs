using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Admin;
using MultiCluster.Host.Logging;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Admin;

/// <summary>The admin API of a process of any role about itself: its actors, its log, its HAProxy.</summary>
internal static class ProcessEndpoints
{
    private const int DefaultLines = 100;

    public static void MapProcessApi(this IEndpointRouteBuilder all, ActorSystem system, ProxyDiffQueries diffs, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        var ring = all.ServiceProvider.GetRequiredService<LogRing>();
        var loggers = all.ServiceProvider.GetRequiredService<ILoggerFactory>();
        var stopping = all.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet(ClusterPaths.Actors, (string? path, string? depth) => Actors(system, path, depth));
        routes.MapGet(AdminPaths.Proxies + "/{name}/diff", async (string name, CancellationToken stop) =>
            AdminGroup.Result(await diffs.DiffAsync(name, stop), AdminJson.Default.ProxyDiffView));
        routes.MapGet(ClusterPaths.Log, (string? level, string? lines) => Asked(level, lines, ring, (least, most) => Results.Json(
            new LogView(LogLevels.WordOf(LogLevels.Least(loggers)), ring.Capacity, ring.Tail(most, line => LogLevels.Parse(line.Level) >= least).Lines),
            AdminJson.Default.LogView)));
        routes.MapGet(ClusterPaths.LogStream, (string? level, string? lines, HttpContext call) => Asked(level, lines, ring, (least, most) =>
            Stream(ring, least, most, system.TimeProvider, call, stopping)));
    }

    private static IResult Actors(ActorSystem system, string? path, string? depth)
    {
        if (depth is null)
            return AdminGroup.Result(ActorViews.Of(system, path, null), AdminJson.Default.ActorView);
        return int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var levels)
            ? AdminGroup.Result(ActorViews.Of(system, path, levels), AdminJson.Default.ActorView)
            : AdminGroup.Problem(new ProblemView("Wrong depth", 400, $"depth is '{depth}', but must be a number, 0 or more"));
    }

    private static IResult Asked(string? level, string? lines, LogRing ring, Func<LogLevel, int, IResult> answer)
    {
        if (LogLevels.Parse(level ?? "trace") is not { } least)
            return AdminGroup.Problem(new ProblemView("Wrong level", 400, $"level is '{level}', but must be one of {LogLevels.All}"));
        var most = DefaultLines;
        if (lines is not null && (!int.TryParse(lines, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most > ring.Capacity))
            return AdminGroup.Problem(new ProblemView("Wrong number of lines", 400, $"lines is '{lines}', but must be 0 to {ring.Capacity}: so many are kept"));
        return answer(least, most);
    }

    /// <summary>Ends with the process too, which would otherwise wait for its readers.</summary>
    private static ServerSentEventsResult<string> Stream(LogRing ring, LogLevel least, int most, TimeProvider time, HttpContext call, CancellationToken stopping)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(call.RequestAborted, stopping);
        call.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(LogStream.ReadAsync(ring, least, most, time, stop.Token));
    }
}
