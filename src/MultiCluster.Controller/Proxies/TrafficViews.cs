using System.Globalization;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Proxies;

/// <summary>How one proxy divides requests, for people.</summary>
internal static class TrafficViews
{
    /// <param name="loads">Null when it could not be asked.</param>
    public static IReadOnlyList<BackendView> Of(string proxy, DesiredData desired, ServerLoads? loads) =>
    [
        .. desired.Steers.Select(steer => Steered(proxy, steer, loads))
            .Concat(desired.Backends.Where(static backend => backend.Routes.Count > 0).Select(backend => Plain(proxy, backend, desired, loads)))
            .OrderBy(static view => view.Backend, StringComparer.Ordinal).ThenBy(static view => view.Ingress, StringComparer.Ordinal),
    ];

    private static BackendView Steered(string proxy, Steer steer, ServerLoads? loads)
    {
        var (service, port) = steer.Key.Backend.Ref;
        return new BackendView(
            service.Namespace, service.Name, port.ToString(), steer.Key.Backend.Ref.ToString(), steer.Key.Ingress.ToString(), steer.IsOfPodsAlone ? "" : PolicyText(steer.Policy), proxy,
            [
                .. steer.Groups.Select(group => new BackendShareView(
                    group.Member.Value, PlaceName(group), group.State.ToString(), group.Traffic.Priority, group.Traffic.Weight, Percent(group.Share),
                    group.Total, group.Backend.CheckedServers > 0 || group.Unready > 0 ? group.Healthy : null, Sessions(group.Backend, group.Backend.Servers.Keys, loads), group.Backend.Name)),
            ]);
    }

    private static BackendView Plain(string proxy, DesiredBackend backend, DesiredData desired, ServerLoads? loads)
    {
        var (service, port) = backend.Key.Backend.Ref;
        var members = backend.Servers.Values.GroupBy(static server => server.Name[..server.Name.IndexOf(':', StringComparison.Ordinal)], StringComparer.Ordinal)
            .Select(servers => (Member: servers.Key, Servers: servers.ToList(), Healthy: servers.Count(server => !desired.IsDown(backend, server.Name))))
            .OrderBy(static member => member.Member, StringComparer.Ordinal).ToList();
        var taking = members.Sum(static member => Taking(member.Servers, member.Healthy));
        return new BackendView(
            service.Namespace, service.Name, port.ToString(), backend.RealName, null, "", proxy,
            [
                .. members.Select(member => new BackendShareView(
                    member.Member, "", desired.TraitsOf(new(member.Member)).State.ToString(), 0, null,
                    taking == 0 ? 0 : Percent((double)Taking(member.Servers, member.Healthy) / taking),
                    member.Servers.Count, member.Servers.Exists(static server => server.IsChecked) ? member.Healthy : null, Sessions(backend, member.Servers.Select(static server => server.Name), loads), backend.Name)),
            ]);
    }

    private static int Taking(List<ServerSpec> servers, int healthy) => servers.Exists(static server => server.IsDraining) ? 0 : healthy;

    private static long? Sessions(DesiredBackend backend, IEnumerable<string> servers, ServerLoads? loads) =>
        loads is null ? null : backend.Name is { } name ? servers.Sum(server => loads.Of(name, server)) : 0;

    private static double Percent(double share) => Math.Round(share * 100, 2);

    private static string PlaceName(SteeredGroup group) =>
        string.Join(' ', new[] { PlaceName(group.Tier), group.Pods is { } pods ? $"{pods.Key}={pods.Value}" : "" }.Where(static word => word.Length > 0));

    private static string PlaceName(LocalityTier tier) => tier switch
    {
        LocalityTier.Any => "",
        LocalityTier.Other => "Elsewhere",
        _ => tier.ToString(),
    };

    private static string PolicyText(TrafficPolicy policy)
    {
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{policy.HealthThresholdPercent} % healthy")];
        if (policy.MinHealthyEndpoints > 1)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"at least {policy.MinHealthyEndpoints} healthy"));
        if (policy.Distribution != TrafficDistribution.None)
            parts.Add(policy.Distribution.ToString());
        if (policy.MaxConnectionsPerEndpoint > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{policy.MaxConnectionsPerEndpoint} requests per endpoint"));
        if (policy.FailbackDelay > TimeSpan.Zero)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"failback delay {policy.FailbackDelay.TotalSeconds:0.###}s"));
        if (policy.SlowStart > TimeSpan.Zero)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"slow start {policy.SlowStart.TotalSeconds:0.###}s"));
        if (policy.Balance == LoadBalancing.LeastConnections)
            parts.Add("least connections");
        if (policy.SessionAffinity)
            parts.Add("session affinity");
        return string.Join(", ", parts);
    }
}
