using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Top;

namespace MultiCluster.Cli.Views;

internal static class TopViews
{
    public static void Show(TopView view, Terminal terminal)
    {
        if (view.Rows.Count == 0)
        {
            terminal.Line(view.By == "ingress"
                ? "No Ingress has been asked for anything, or the process counts none: it does with haproxy.log-receiver."
                : "The process tells of no traffic: it has no HAProxy, or no routes.");
            return;
        }

        string[] names = view.By == "proxy" ? ["PROXY"] : [view.By.ToUpperInvariant(), "PROXY"];
        var table = new TextTable([.. names, "REQ/S", "5XX/S", "ACTIVE", "QUEUE", "LATENCY", "UP"]);
        foreach (var row in view.Rows)
        {
            table.Add([
                .. names.Length == 1 ? (ReadOnlySpan<Cell>)[row.Name] : [row.Name, row.Proxy],
                Number(row.RequestsPerSecond, "0.0"),
                new Cell(Number(row.ErrorsPerSecond, "0.0"), row.ErrorsPerSecond > 0 ? Tone.Bad : Tone.Plain),
                Number(row.Active, "0"),
                new Cell(Number(row.Queue, "0"), row.Queue > 0 ? Tone.Warning : Tone.Plain),
                row.LatencySeconds is { } latency ? string.Create(CultureInfo.InvariantCulture, $"{latency * 1000:0.0}ms") : "-",
                new Cell(row.Endpoints is null ? "-" : $"{Number(row.EndpointsUp, "0")}/{Number(row.Endpoints, "0")}", row is { Endpoints: > 0, EndpointsUp: 0 } ? Tone.Bad : Tone.Plain),
            ]);
        }

        table.WriteTo(terminal);
        if (view.More > 0)
            terminal.Line($"and {view.More} more, less busy");
    }

    private static string Number(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
