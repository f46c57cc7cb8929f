using System.CommandLine;
using System.Globalization;
using MultiCluster.Cli.Top;

namespace MultiCluster.Cli;

/// <summary>What is busy now.</summary>
public sealed partial class CommandFactory
{
    private static readonly string[] TopKinds = [.. Enum.GetValues<TopKind>().Select(TopRow.WordOf)];

    private Command TopOf()
    {
        var by = new Option<string>("--by") { Description = "What a row is of [default: service]", HelpName = string.Join('|', TopKinds), DefaultValueFactory = static _ => "service" };
        by.AcceptOnlyFromAmong(TopKinds);
        var interval = DurationOption("--interval", "Time over which rates are [default: 2s]");
        interval.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && Duration.Parse(token.Value) == TimeSpan.Zero)
                result.AddError("--interval must be 1s or longer");
        });
        var rows = new Option<int>("--rows", "-n") { Description = "How many, the busiest first", HelpName = "N", DefaultValueFactory = static _ => 40 };
        rows.CustomParser = static result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return number;
            result.AddError($"--rows takes a number, 1 or more, not '{result.Tokens[0].Value}'");
            return default;
        };
        var once = new Option<bool>("--once") { Description = "One table, and end" };
        var command = Named(
            "top",
            "Shows what is busy at the proxy of the process asked, until interrupted: requests, answers with 5xx, requests under way and waiting, average latency, endpoints that are up. "
            + "Latencies, and what is told of Ingresses, need haproxy.log-receiver. With -o json, a document each time.",
            "mcctl top --by service --interval 5s --once",
            by,
            interval,
            rows,
            once);
        command.SetAction((parsed, cancellationToken) => WithClientAsync(parsed, client => new TopWatch(
            context,
            client,
            Enum.GetValues<TopKind>().First(kind => TopRow.WordOf(kind) == parsed.GetValue(by)),
            parsed.GetValue(interval) ?? TimeSpan.FromSeconds(2),
            parsed.GetValue(rows)).RunAsync(parsed.GetValue(output), parsed.GetValue(once), cancellationToken)));
        return command;
    }
}
