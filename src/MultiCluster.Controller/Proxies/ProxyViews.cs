using System.Globalization;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Proxies;

/// <summary>What the admin API shows of a proxy.</summary>
internal sealed class ProxyViews(ProxySettings settings, ProxyState state, ProxyCounters counters, bool reloading, string? why)
{
    public ProxyView Summary()
    {
        var desired = state.Reconciler?.Desired;
        var running = state.Connection?.Running;
        var refused = state.Reconciler is { } reconciler ? RefusalViews.Count(reconciler) : 0;
        return new ProxyView(
            settings.Name,
            StateName(),
            why ?? (refused > 0 ? $"{refused} refused, see \"mcctl proxy show {settings.Name}\"" : null),
            running?.Version.Text ?? settings.Binary.Version.Text,
            running?.MasterPid ?? 0,
            running?.WorkerPid ?? 0,
            state.Connection?.Adopted ?? false,
            desired?.Version ?? 0,
            state.AppliedVersion,
            counters.StartFileVersion ?? 0,
            desired?.RouteCount ?? 0,
            desired?.Backends.Count ?? 0,
            desired?.Backends.Sum(static backend => backend.Servers.Count) ?? 0,
            desired?.Certificates.Count ?? 0,
            desired?.Pool.Size ?? 0,
            desired?.Pool.Used ?? 0,
            counters.CommandsSent,
            counters.CommandsRefused,
            refused,
            counters.Resyncs,
            running?.Reloads ?? 0,
            Copy(counters.ReloadsByReason),
            Copy(counters.FailedReloadsByReason),
            [.. settings.Options.Binds.Select(static bind => bind.Tls ? $"https {bind.Address}" : $"http {bind.Address}")]);
    }

    public ProxyProtocol.Progress Progress() => new(
        settings.Name,
        state.Connection is not null,
        state.Reconciler?.Desired.Version ?? 0,
        state.AppliedVersion,
        state.Reconciler is { } reconciler ? RefusalViews.Of(reconciler) : []);

    public ProxyDetailView Detail()
    {
        var actual = state.Reconciler?.Actual;
        IEnumerable<string> backends = actual is null ? [] : actual.Backends.Order(StringComparer.Ordinal);
        IReadOnlyList<RefusedView> refused = state.Reconciler is { } reconciler ? RefusalViews.Of(reconciler) : [];
        return new ProxyDetailView(Summary(), refused, Servers([.. backends]));
    }

    /// <summary>As HAProxy holds them, with real names.</summary>
    public IReadOnlyList<ServerView> Servers(IReadOnlyList<string> backends)
    {
        if (state.Reconciler is not { } reconciler)
            return [];
        return
        [
            .. from backend in backends
               let real = reconciler.Actual.Map(MapName.Backends).GetValueOrDefault(backend, backend)
               from server in reconciler.Actual.Servers(backend).OrderBy(static server => server.Key, StringComparer.Ordinal)
               let address = string.Create(CultureInfo.InvariantCulture, $"{server.Value.Address}:{server.Value.Port}")
               select new ServerView(real, backend, server.Key, address, server.Value.InMaintenance ? "Leaving" : "Ready"),
        ];
    }

    private static SortedDictionary<string, long> Copy(IReadOnlyDictionary<string, long> counts) =>
        new(counts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private string StateName()
    {
        if (reloading)
            return "Reloading";
        if (state.Reconciler is null)
            return "Starting";
        if (state.Connection is null)
            return state.MayPublish ? "Down" : "Waiting";
        return why is null ? "Serving" : "Waiting";
    }
}
