using System.CommandLine;
using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Commands about the process asked itself.</summary>
public sealed partial class CommandFactory
{
    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "critical"];

    private Command ProxyDiff()
    {
        var name = new Argument<string>("NAME") { Description = "The proxy; of the process asked" };
        return Asking<ProxyDiffView>(
            Named("diff", "Reads HAProxy anew and shows what it should hold and does not, or the other way round. Exit code 1 if anything differs.", "mcctl proxy diff local", name),
            parsed => ClusterPaths.Diff(parsed.GetRequiredValue(name)),
            DiffViews.Show,
            static diff => diff.Differences.Count == 0);
    }

    private Command ActorHierarchy()
    {
        var path = new Argument<string?>("PATH") { Description = "Of the actor to begin with [default: all]", Arity = ArgumentArity.ZeroOrOne };
        var depth = new Option<int?>("--depth") { Description = "Levels to show below it [default: all]", HelpName = "N" };
        depth.CustomParser = static result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var levels))
                return levels;
            result.AddError($"--depth takes a number, 0 or more, not '{result.Tokens[0].Value}'");
            return null;
        };
        return Asking<ActorView>(
            Named("hierarchy", "Shows the tree of actors with state, waiting messages and restarts.", "mcctl actor hierarchy /user/control/sharding --depth 1", path, depth),
            parsed => ClusterPaths.ActorsOf(parsed.GetValue(path), parsed.GetValue(depth)),
            ActorViews.Hierarchy);
    }

    private Command LogTail()
    {
        var level = new Option<string?>("--level") { Description = "Only lines of this level and above", HelpName = string.Join('|', Levels) };
        level.AcceptOnlyFromAmong(Levels);
        var lines = new Option<int>("--lines", "-n") { Description = "How many to begin with", HelpName = "N", DefaultValueFactory = static _ => 100 };
        lines.CustomParser = static result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"--lines takes a number, 0 or more, not '{result.Tokens[0].Value}'");
            return default;
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is logged from now on" };
        var command = Named("tail", "Shows the last lines that the process asked has logged.", "mcctl log tail --level warn --follow", level, lines, follow);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (least, most) = (parsed.GetValue(level), parsed.GetValue(lines));
            if (parsed.GetValue(follow))
                return new LogFollower(parsed.GetValue(server), ClusterPaths.LogOf(least, most, follow: true), parsed.GetValue(output)).RunAsync(context, cancellationToken);
            return Ask<LogView>(parsed, ClusterPaths.LogOf(least, most), (log, terminal) => LogViews.Tail(log, least, terminal)).AskAsync(context, cancellationToken);
        });
        return command;
    }
}
