using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class ProxyViews
{
    public static void List(IReadOnlyList<ProxyView> proxies, Terminal terminal)
    {
        if (proxies.Count == 0)
        {
            terminal.Remark("No proxies.");
            return;
        }

        var table = new TextTable(
            "NAME", "STATE", "VERSION", "WORKER", "ROUTES", "BACKENDS", "SERVERS", "CERTIFICATES", "REFUSED", "BEHIND", "RELOADS", "LISTENS");
        foreach (var proxy in proxies)
        {
            table.Add(
                proxy.Name,
                State(proxy),
                proxy.Version.Length == 0 ? "-" : proxy.Version,
                Pid(proxy.WorkerPid),
                Known(proxy, proxy.Routes),
                Known(proxy, proxy.Backends),
                Known(proxy, proxy.Servers),
                Known(proxy, proxy.Certificates),
                proxy.Refused == 0 ? "0" : new Cell(proxy.Refused.ToString(CultureInfo.InvariantCulture), Tone.Warning),
                proxy.DesiredVersion - proxy.AppliedVersion,
                Known(proxy, proxy.MasterReloads),
                Cell.Of(proxy.Listens));
        }
        table.WriteTo(terminal);
    }

    public static void Show(ProxyDetailView detail, Terminal terminal)
    {
        Summary(detail.Proxy, terminal);
        terminal.Line();
        if (detail.Refused.Count > 0)
        {
            terminal.Line(new Cell("Refused:", Tone.Heading));
            var table = new TextTable("ITEM", "REASON");
            foreach (var refused in detail.Refused)
                table.Add(refused.Item, refused.Reason);
            table.WriteTo(terminal, indent: 2);
            terminal.Line();
        }

        if (detail.Proxy.Remote is not null)
            return;
        if (detail.Servers.Count == 0)
        {
            terminal.Line(new Cell("Servers: none", Tone.Heading));
            return;
        }

        terminal.Line(new Cell("Servers:", Tone.Heading));
        Servers(detail.Servers, terminal);
    }

    public static void Servers(IReadOnlyList<ServerView> servers, Terminal terminal)
    {
        var table = new TextTable("BACKEND", "SERVER", "ADDRESS", "STATE", "SLOT");
        foreach (var server in servers)
            table.Add(server.Backend, server.Server, server.Address, server.State, server.Slot);
        table.WriteTo(terminal, indent: 2);
    }

    private static void Summary(ProxyView proxy, Terminal terminal)
    {
        terminal.Field("Name", proxy.Name);
        terminal.Field("State", State(proxy));
        terminal.Field("Why", proxy.StateReason ?? "-");
        if (proxy.Controller is { } controller)
            terminal.Field("Controller", controller);
        if (proxy.Remote is { } remote)
        {
            Session(proxy, remote, terminal);
            return;
        }

        terminal.Field("HAProxy", proxy.Version);
        terminal.Field("Processes", $"master {Pid(proxy.MasterPid).Text}, worker {Pid(proxy.WorkerPid).Text}{(proxy.Adopted ? ", adopted" : "")}");
        terminal.Field("Listens", Cell.Of(proxy.Listens));
        terminal.Field("Holds", $"{proxy.Routes} routes, {proxy.Backends} backends, {proxy.Servers} servers, {proxy.Certificates} certificates");
        terminal.Field("Blank backends", proxy.PoolSize == 0 ? "none needed" : $"{proxy.PoolUsed} of {proxy.PoolSize} used");
        terminal.Field("Table", $"version {proxy.DesiredVersion} desired, {proxy.AppliedVersion} applied, {proxy.StartFileVersion} in the start file");
        terminal.Field("Commands", $"{proxy.CommandsSent} sent, {proxy.CommandsRefused} refused");
        terminal.Field("Refused", proxy.Refused == 0 ? "nothing" : $"{proxy.Refused} items, below");
        terminal.Field("Resyncs", proxy.Resyncs);
        terminal.Field("Reloads", $"{proxy.MasterReloads} by the master's count; ours: {Reloads(proxy.ReloadsByReason)}, failed: {Reloads(proxy.FailedReloadsByReason)}");
    }

    private static void Session(ProxyView proxy, RemoteProxyView remote, Terminal terminal)
    {
        terminal.Field("Session", string.Create(CultureInfo.InvariantCulture, $"with {remote.Peer}, since {remote.Since:yyyy-MM-dd HH:mm:ss}Z"));
        terminal.Field("Table", $"position {remote.TablePosition} here, {remote.AckedPosition} taken, {remote.AppliedPosition} applied; {remote.Waiting} rows wait");
        terminal.Field("Refused", proxy.Refused == 0 ? "nothing" : $"{proxy.Refused} items, below");
        terminal.Field("HAProxy", "only its own agent knows what it holds: ask that one (mcctl --server, its admin.listen)");
    }

    /// <summary>A zero would be a lie about a proxy that only its session is known of.</summary>
    private static Cell Known(ProxyView proxy, int number) => proxy.Remote is null ? number : "-";

    private static string Reloads(IReadOnlyDictionary<string, long> byReason) => byReason.Values.Sum() switch
    {
        0 => "0",
        var sum => $"{sum} ({string.Join(", ", byReason.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"))})",
    };

    private static Cell State(ProxyView proxy) => new(proxy.State, proxy.State switch
    {
        "Serving" or "Connected" => Tone.Good,
        "Down" => Tone.Bad,
        _ => Tone.Warning,
    });

    private static Cell Pid(int pid) => pid > 0 ? pid : "-";
}
