using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>What must hold of a HAProxy between any two commands, and in the end.</summary>
internal static class Expectations
{
    /// <summary>Services whose pods get a route's requests, by route entry.</summary>
    public static Dictionary<MapKey, HashSet<string>> Served(ProxySimulator proxy) => Entries(proxy)
        .ToDictionary(static entry => entry.Key, entry => Services(proxy, entry.Target));

    public static void IsAddition(PlannedCommand planned) => Assert.False(
        planned.Effect is Effect.MapDeleted or Effect.ServerDeleted or Effect.BackendDeleted or Effect.CertificateUnlisted
            || planned.Command.Line.StartsWith("set map", StringComparison.Ordinal)
            || planned.Command.Line.EndsWith("maint", StringComparison.Ordinal),
        $"sent while removals are held: {planned.Command}");

    public static void IsServable(
        World world, DesiredData desired, ProxySimulator proxy, Dictionary<MapKey, HashSet<string>> before, bool isBehind, RuntimeCommand after)
    {
        foreach (var map in RouteMaps.All)
        {
            var keys = proxy.Map(map).Select(static pair => pair.Key).ToList();
            Assert.True(keys.Distinct(StringComparer.Ordinal).Count() == keys.Count, $"a key is twice in {map} after {after}");
        }

        foreach (var (entry, target) in Entries(proxy))
        {
            Assert.True(proxy.Backends.ContainsKey(target), $"{entry} leads to {target}, which isn't there, after {after}");
            var wanted = Wanted(world, desired, entry);
            var old = before.GetValueOrDefault(entry) ?? [];
            var now = Services(proxy, target);
            Assert.True(
                now.All(service => old.Contains(service) || service == wanted?.Key.Ref.Service.Name),
                $"{entry} of {wanted?.Key.ToString() ?? "nobody"} is served by {string.Join(',', now)} after {after}");
            var mayBeEmpty = isBehind || wanted is null || wanted.Servers.Count == 0 || old.Count == 0
                || (!HasPlace(proxy, wanted) && desired.Find(target) is not null);
            Assert.True(mayBeEmpty || now.Count > 0, $"{entry} of {wanted?.Key} has nobody in {target} after {after}");
        }
    }

    /// <summary>Requests reach exactly the endpoints of the model, and HAProxy holds nothing else.</summary>
    public static void Reached(World world, DesiredData desired, ProxySimulator proxy)
    {
        var whole = world.Whole();
        var fragments = whole.Backends.ToDictionary(static pair => pair.Key, static pair => pair.Value);
        var targets = Entries(proxy).ToDictionary(static entry => entry.Key, static entry => entry.Target);
        Assert.Equal(world.Routes.Count, targets.Count);
        foreach (var (key, route) in world.Routes)
        {
            var expected = ServerSets.For(route.Backend, fragments.GetValueOrDefault(route.Backend.Ref.Service)).Values.Select(static server => server.Address);
            var serving = proxy.Backends[targets[RouteMaps.KeyOf(key)!.Value]].Serving.Select(static server => server.Address);
            Assert.Equal(expected.Order(StringComparer.Ordinal), serving.Order(StringComparer.Ordinal));
        }

        NothingElse(whole, desired, proxy);
    }

    private static void NothingElse(RoutingDelta whole, DesiredData desired, ProxySimulator proxy)
    {
        var named = desired.Backends.Where(static backend => backend.Name is not null).ToDictionary(static backend => backend.Name!);
        Assert.Equal(named.Count, desired.Pool.Used);
        Assert.Equal(
            named.ToDictionary(static pair => pair.Key, static pair => pair.Value.RealName),
            proxy.Map(MapName.Backends).ToDictionary(static pair => pair.Key, static pair => pair.Value));
        foreach (var (name, backend) in proxy.Backends)
        {
            Assert.True(named.ContainsKey(name) || backend.Servers.Count == 0, $"{name} kept servers");
            Assert.True(named.ContainsKey(name) || BackendPool.SlotIndex(name) is not null || name == ProgramRenderer.NoRouteBackend, $"{name} was not deleted");
        }

        var actual = proxy.Observe();
        var hosts = desired.Certificates.Values.SelectMany(static file => file.Hosts).Order(StringComparer.Ordinal);
        Assert.Equal(whole.Certificates.Select(static pair => pair.Key).Order(StringComparer.Ordinal), hosts);
        Assert.Equal(desired.Certificates.Keys.Order(StringComparer.Ordinal), actual.ListedCertificates.Order(StringComparer.Ordinal));
        Assert.Equal(desired.Certificates.Keys.Order(StringComparer.Ordinal), actual.LoadedCertificates.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(MapKey Key, string Target)> Entries(ProxySimulator proxy) => RouteMaps.Routing
        .SelectMany(map => proxy.Map(map).Select(pair => (new MapKey(map, pair.Key), RouteMaps.BackendOf(pair.Value).ToString())));

    private static HashSet<string> Services(ProxySimulator proxy, string backend) => proxy.Backends.TryGetValue(backend, out var held)
        ? [.. held.Serving.Select(static server => World.ServiceOf(server.Address))]
        : [];

    private static bool HasPlace(ProxySimulator proxy, DesiredBackend backend) =>
        backend.Name is { } name && (proxy.Backends.ContainsKey(name) || BackendPool.SlotIndex(name) is null);

    private static DesiredBackend? Wanted(World world, DesiredData desired, MapKey entry)
    {
        foreach (var (key, route) in world.Routes)
        {
            if (RouteMaps.KeyOf(key) == entry)
                return desired.Find(route.Backend);
        }

        return null;
    }
}
