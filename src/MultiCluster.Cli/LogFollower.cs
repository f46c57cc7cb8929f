using System.Text;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Prints a log line by line as it comes, until interrupted or the server ends.</summary>
/// <param name="server">As given with --server.</param>
internal sealed class LogFollower(string? server, string path, OutputFormat format)
{
    public async Task<int> RunAsync(CliContext context, CancellationToken cancellationToken)
    {
        if (ServerAddress.Resolve(server, context, out var wrong) is not { } address)
            return await Failure.TellAsync(context, wrong!, ExitCode.Usage);
        using var client = new AdminClient(address, context.Handler(address), Timeout.InfiniteTimeSpan);
        var end = await client.FollowAsync(path, (type, data) => TakeAsync(context, type, data), cancellationToken);
        return await Failure.TellAsync(context, end, ExitCode.Failure);
    }

    /// <summary>Types of later versions are passed over.</summary>
    private async Task<string?> TakeAsync(CliContext context, string type, string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var terminal = new Terminal(context.Output, context.Error, context.Colour);
        switch (type)
        {
            case ClusterPaths.LineEvent when AnswerJson.TryRead<LogLineView>(bytes, out var line, out _):
                if (format == OutputFormat.Json)
                    await context.Output.WriteLineAsync(SafeText.OfJson(data.ReplaceLineEndings(" ")));
                else
                    LogViews.Line(line, terminal);
                await context.Output.FlushAsync();
                return null;
            case ClusterPaths.GapEvent when AnswerJson.TryRead<LogGapView>(bytes, out var gap, out _):
                terminal.Remark($"({gap.Dropped} lines, of any level, were dropped: they came faster than they were read)");
                return null;
            case ClusterPaths.LineEvent or ClusterPaths.GapEvent:
                return "an event of another kind";
            default:
                return null;
        }
    }
}
