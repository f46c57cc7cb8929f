using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class RouteViews
{
    public static void List(IReadOnlyList<RouteView> routes, Terminal terminal)
    {
        if (routes.Count == 0)
        {
            terminal.Remark("No routes.");
            return;
        }

        var table = new TextTable("HOST", "PATH", "MATCH", "BACKEND", "ENDPOINTS", "MEMBERS", "INGRESS", "STATUS");
        foreach (var route in routes)
        {
            table.Add(
                route.Host, route.Path, route.Match, route.Backend, route.Endpoints, Cell.Of(route.Members), route.Ingress, Status(route));
        }
        table.WriteTo(terminal);
    }

    public static void OfIngress(IReadOnlyList<RouteView> routes, Terminal terminal)
    {
        var table = new TextTable("HOST", "PATH", "MATCH", "BACKEND", "ENDPOINTS", "MEMBERS", "STATUS");
        foreach (var route in routes)
            table.Add(route.Host, route.Path, route.Match, route.Backend, route.Endpoints, Cell.Of(route.Members), Status(route));
        table.WriteTo(terminal, indent: 2);
    }

    private static Cell Status(RouteView route) => route switch
    {
        { Owner: false } => new Cell("Lost", Tone.Bad),
        { Endpoints: 0 } => new Cell("NoEndpoints", Tone.Warning),
        _ => new Cell("Live", Tone.Good),
    };
}
