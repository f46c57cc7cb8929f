using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Proxies;

/// <summary>What HAProxy is not given, or does not take, by the names that people know.</summary>
internal static class RefusalViews
{
    private const int HostsShown = 3;

    public static IReadOnlyList<RefusedView> Of(Reconciler reconciler) =>
    [
        .. reconciler.Desired.Refused.Select(static item => new RefusedView($"{item.Key.Kind} {item.Key.Name}", item.Value)),
        .. reconciler.Refused.Select(item => new RefusedView(NameOf(item.Subject, reconciler), item.Reason)),
    ];

    public static int Count(Reconciler reconciler) => reconciler.Desired.Refused.Count + reconciler.Refused.Count();

    public static string NameOf(Subject subject, Reconciler reconciler) => subject.Kind switch
    {
        SubjectKind.Map when RouteMaps.IsReference(subject.Entry.Key) => $"Entry {subject.Entry.Key} of the map {subject.Entry.Map}, which is not ours",
        SubjectKind.Map when subject.Entry.Map == MapName.Backends => $"Backend {NameOf(subject.Entry.Key, reconciler)}",
        SubjectKind.Map when RouteMaps.IsOfSteers(subject.Entry.Map) => $"Traffic of {RouteMaps.SteerOf(subject.Entry.Key)}",
        SubjectKind.Map when RouteMaps.IsOfPolicies(subject.Entry.Map) => $"Policy of {RoutesOf(subject.Entry, reconciler)}",
        SubjectKind.Map => $"Route {PathOf(subject.Entry.Key)}",
        SubjectKind.Backend => $"Backend {NameOf(subject.Name, reconciler)}",
        SubjectKind.Certificate => $"Certificate {subject.Name}{HostsOf(subject.Name, reconciler)}",
        _ => $"Not ours: {subject.Name}",
    };

    private static string RoutesOf(MapKey entry, Reconciler reconciler)
    {
        var routes = reconciler.Desired.RoutesOf(PolicyData.IdOf(entry)).Order().ToList();
        return routes.Count switch
        {
            0 => "no route any more",
            1 => routes[0].ToString(),
            _ => $"{routes[0]} and {routes.Count - 1} more",
        };
    }

    private static string NameOf(string backend, Reconciler reconciler) => reconciler.Desired.Find(backend)?.RealName ?? backend;

    private static string PathOf(string key) => key.EndsWith(RouteMaps.EndMark) ? $"{key[..^2]} (Exact)" : key;

    private static string HostsOf(string file, Reconciler reconciler)
    {
        if (!reconciler.Desired.Certificates.TryGetValue(file, out var certificate))
            return "";
        var more = certificate.Hosts.Count > HostsShown ? $" and {certificate.Hosts.Count - HostsShown} more" : "";
        return $" for {string.Join(", ", certificate.Hosts.Take(HostsShown))}{more}";
    }
}
