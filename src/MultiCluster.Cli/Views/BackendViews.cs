using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class BackendViews
{
    public static void List(IReadOnlyList<BackendView> backends, Terminal terminal)
    {
        if (backends.Count == 0)
        {
            terminal.Remark("No backends: no route leads to a Service.");
            return;
        }

        var table = new TextTable("BACKEND", "INGRESS", "PROXY", "HEALTHY", "SESSIONS", "SHARES");
        foreach (var backend in backends)
        {
            table.Add(
                backend.Backend,
                backend.Ingress ?? "-",
                backend.Proxy,
                Healthy(
                    backend.Shares.All(static share => share.Healthy is null) ? null : backend.Shares.Sum(static share => (long)(share.Healthy ?? share.Endpoints)),
                    backend.Shares.Sum(static share => (long)share.Endpoints)),
                backend.Shares.All(static share => share.Sessions is null) ? "-" : MemberViews.SumOf(backend.Shares.Select(static share => share.Sessions ?? 0)),
                Cell.Of([.. backend.Shares.GroupBy(static share => share.Member).Select(static of => $"{of.Key} {Percent(of.Sum(static share => share.SharePercent))}")], ", "));
        }
        table.WriteTo(terminal);
    }

    public static void Show(IReadOnlyList<BackendView> backends, Terminal terminal)
    {
        if (backends.Count == 0)
            terminal.Remark("No route leads to this Service; \"mcctl backend list\" lists those that are proxied.");
        for (var i = 0; i < backends.Count; i++)
        {
            if (i > 0)
                terminal.Line();
            One(backends[i], terminal);
        }
    }

    private static void One(BackendView backend, Terminal terminal)
    {
        terminal.Field("Backend", backend.Backend);
        terminal.Field("Policy", Policy(backend));
        terminal.Field("Proxy", backend.Proxy);
        terminal.Line();
        if (backend.Shares.Count == 0)
        {
            terminal.Line(new Cell("  No member has endpoints for it.", Tone.Warning));
            return;
        }

        var table = new TextTable("MEMBER", "PLACE", "STATE", "PRIORITY", "WEIGHT", "SHARE", "HEALTHY", "SESSIONS");
        foreach (var share in backend.Shares)
        {
            table.Add(
                share.Member,
                share.Place.Length == 0 ? "-" : share.Place,
                MemberViews.State(share.State),
                share.Priority,
                share.Weight is { } weight ? weight : "-",
                Percent(share.SharePercent),
                Healthy(share.Healthy, share.Endpoints),
                Sessions(share.Sessions));
        }
        table.WriteTo(terminal, indent: 2);
        if (backend.Shares.All(static share => share.SharePercent <= 0))
            terminal.Line(new Cell("  No member gets new sessions.", Tone.Bad));
    }

    private static Cell Policy(BackendView backend) => backend switch
    {
        { Ingress: null } => "none: the endpoints of all members are alike",
        { Policy: "" } => $"of {backend.Ingress}",
        _ => $"{backend.Policy} (of {backend.Ingress})",
    };

    /// <summary>A share that is not nothing doesn't look like it.</summary>
    private static string Percent(double share) => share is > 0 and < 0.1 ? "<0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{share:0.#} %");

    /// <summary>Nobody knows of endpoints that are not checked: Kubernetes calls them ready.</summary>
    private static Cell Healthy(long? known, long endpoints)
    {
        if (known is not { } healthy)
            return endpoints == 0 ? "0/0" : string.Create(CultureInfo.InvariantCulture, $"{endpoints} unchecked");
        var tone = healthy >= endpoints ? Tone.Plain : healthy > 0 ? Tone.Warning : Tone.Bad;
        return new Cell(string.Create(CultureInfo.InvariantCulture, $"{healthy}/{endpoints}"), tone);
    }

    /// <summary>A zero would be a lie where the proxy could not be asked.</summary>
    private static Cell Sessions(long? sessions) => sessions is { } known ? known : "-";
}
