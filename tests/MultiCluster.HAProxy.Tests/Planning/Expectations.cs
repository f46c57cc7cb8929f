using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

internal sealed record Served(HashSet<string> By, string? Owner);

/// <summary>What must hold of a HAProxy between any two commands, and in the end.</summary>
internal static class Expectations
{
    /// <summary>By route entry: whose pods get its requests, and whose backend it is.</summary>
    public static Dictionary<MapKey, Served> Served(ProxySimulator proxy)
    {
        var owners = proxy.Map(MapName.Backends).ToDictionary(static pair => pair.Key, static pair => BackendNames.Parse(pair.Value)!.Ref.Service.Name);
        return Entries(proxy).ToDictionary(
            static entry => entry.Key,
            entry => new Served(Services(proxy, entry.Target), owners.GetValueOrDefault(entry.Target)));
    }

    /// <param name="proxy">Before the command.</param>
    public static void IsAddition(PlannedCommand planned, ProxySimulator proxy, RemovalHold hold)
    {
        var isRead = planned.Effect is Effect.ServerDeleted(_, var gone) ? !hold.Keeps(gone) : planned.Effect is Effect.ServerSet { Server: var resting } && !hold.Keeps(resting);
        var isRemoval = planned.Effect is Effect.MapDeleted or Effect.ServerDeleted or Effect.BackendDeleted or Effect.CertificateUnlisted
            || planned.Command.Line.EndsWith("maint", StringComparison.Ordinal);
        var isChange = planned.Command.Line.StartsWith("set map", StringComparison.Ordinal)
            && !(planned.Effect is Effect.MapSet(var entry, var value) && HasComeToLife(proxy.Map(entry.Map).Single(pair => pair.Key == entry.Key).Value, value));
        Assert.False((isRemoval && !isRead) || isChange, $"sent while removals are held: {planned.Command}");
    }

    /// <summary>A route of the same Ingress led nowhere.</summary>
    private static bool HasComeToLife(string held, string value) =>
        held.Split('|') is [ProgramRenderer.NoRouteBackend, .. var before] && value.Split('|') is [not ProgramRenderer.NoRouteBackend, .. var after] && before.SequenceEqual(after);

    public static void IsServable(
        World world, DesiredData desired, ProxySimulator proxy, Dictionary<MapKey, Served> before, bool isBehind, RuntimeCommand after)
    {
        foreach (var map in RouteMaps.All)
        {
            var keys = proxy.Map(map).Select(static pair => pair.Key).ToList();
            Assert.True(keys.Distinct(StringComparer.Ordinal).Count() == keys.Count, $"a key is twice in {map} after {after}");
        }

        foreach (var (entry, target) in Entries(proxy))
        {
            Assert.True(isBehind || proxy.Backends.ContainsKey(target), $"{entry} leads to {target}, which isn't there, after {after}");
            var wanted = Wanted(world, desired, entry);
            var old = before.GetValueOrDefault(entry) ?? new Served([], null);
            var now = Services(proxy, target);
            Assert.True(
                now.All(service => old.By.Contains(service) || service == old.Owner || service == wanted?.Key.Ref.Service.Name),
                $"{entry} of {wanted?.Key.ToString() ?? "nobody"} is served by {string.Join(',', now)} after {after}");
            var mayBeEmpty = isBehind || wanted is null || wanted.Servers.Count == 0 || old.By.Count == 0
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
