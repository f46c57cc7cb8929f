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
        Lines("Looked up", explain.Considered, terminal);
        Lines("Lost to it", explain.Losers, terminal);
        if (explain.Servers.Count > 0)
        {
            terminal.Line();
            terminal.Line(new Cell("Servers:", Tone.Heading));
            ProxyViews.Servers(explain.Servers, terminal);
        }
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
