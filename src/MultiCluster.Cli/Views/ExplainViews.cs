using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class ExplainViews
{
    public static void Show(ExplainView explain, Terminal terminal)
    {
        terminal.Field("URL", explain.Url);
        terminal.Field("Outcome", new Cell(explain.Outcome, explain.Outcome == "Route" ? Tone.Good : Tone.Bad));
        terminal.Field("Why", explain.Reason);
        if (explain.Route is { } route)
        {
            terminal.Field("Route", $"{route.Match} {route.Host} {route.Path}");
            terminal.Field("Ingress", $"{route.Ingress} of {Cell.Of(route.Members, ", ").Text}");
            terminal.Field("Backend", route.Backend);
        }
        terminal.Field("Certificate", explain.Certificate ?? "-");
        foreach (var taker in explain.Takers)
            Taker(taker, explain.Takers.Count > 1, terminal);
        Lines("Looked up", explain.Considered, terminal);
        Lines("Lost to it", explain.Losers, terminal);
        if (explain.Servers.Count > 0)
        {
            terminal.Line();
            terminal.Line(new Cell("Servers:", Tone.Heading));
            ProxyViews.Servers(explain.Servers, terminal);
        }
    }

    /// <param name="isOneOfSeveral">Which of them takes a request is said, too.</param>
    private static void Taker(TakerView taker, bool isOneOfSeveral, Terminal terminal)
    {
        if (isOneOfSeveral)
        {
            terminal.Line();
            terminal.Line(new Cell(string.Create(CultureInfo.InvariantCulture, $"{taker.Percent:0.##} %: {(taker.Route is { } route ? $"ingress {route.Ingress} -> {route.Backend}" : "no route")}"), Tone.Heading));
            terminal.Line($"  because {taker.Why}");
        }

        Lines("Rules", taker.Steps, terminal);
        Lines("Not known", taker.Open, terminal);
        if (taker.Location is { } location)
            terminal.Field("Location", location);
        if (taker.UpstreamPath is { } path)
            terminal.Field("Path there", path);
    }

    private static void Lines(string heading, IReadOnlyList<string> lines, Terminal terminal)
    {
        if (lines.Count == 0)
            return;
        terminal.Line();
        terminal.Line(new Cell($"{heading}:", Tone.Heading));
        foreach (var line in lines)
            terminal.Line($"  {line}");
    }
}
