using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <param name="Owners">Of the backends behind it, and of the choice among them: one of weights of zero has none, and may come to life.</param>
internal sealed record Served(HashSet<string> By, HashSet<string> Owners);

/// <summary>What must hold of a HAProxy between any two commands, and in the end.</summary>
internal static class Expectations
{
    /// <summary>By route entry: whose pods get its requests, and whose backend it is.</summary>
    public static Dictionary<MapKey, Served> Served(ProxySimulator proxy)
    {
        var owners = proxy.Map(MapName.Backends).ToDictionary(static pair => pair.Key, static pair => BackendNames.Parse(pair.Value)!.Backend.Ref.Service.Name);
        return Entries(proxy).ToDictionary(
            static entry => entry.Key,
            entry => new Served(
                [.. entry.Targets.SelectMany(target => Services(proxy, target))],
                [.. entry.Targets.Select(target => owners.GetValueOrDefault(target)).OfType<string>(), .. ChooserOf(proxy.Map(entry.Key.Map).Single(pair => pair.Key == entry.Key.Key).Value)]));
    }

    /// <summary>Of <c>~web/cart:http:1f0c2a9b|…</c> it is cart.</summary>
    private static IEnumerable<string> ChooserOf(string value) =>
        RouteMaps.IsSteered(value) ? [value.Split('/', ':')[1]] : [];

    /// <param name="proxy">Before the command.</param>
    public static void IsAddition(PlannedCommand planned, ProxySimulator proxy, RemovalHold hold)
    {
        var isRead = planned.Effect is Effect.ServerDeleted(_, var gone) ? !hold.Keeps(gone, static _ => true) : planned.Effect is Effect.ServerSet { Server: var resting } && !hold.Keeps(resting, static _ => true);
        var isRemoval = planned.Effect is Effect.MapDeleted or Effect.ServerDeleted or Effect.BackendDeleted or Effect.CertificateUnlisted
            || planned.Command.Line.EndsWith("maint", StringComparison.Ordinal);
        if (!hold.OfValues && planned.Effect is Effect.MapDeleted or Effect.MapSet && EntryOf(planned.Effect).Map is { } map && map != MapName.Backends
            && (RouteMaps.IsOfSteers(map) || planned.Effect is Effect.MapSet))
            return;
        var isChange = planned.Command.Line.StartsWith("set map", StringComparison.Ordinal)
            && !(planned.Effect is Effect.MapSet(var entry, var value) && HasComeToLife(proxy.Map(entry.Map).Single(pair => pair.Key == entry.Key).Value, value));
        var isReplaced = planned.Effect switch
        {
            Effect.ServerDeleted(var backend, var server) => HasCheckedTwin(proxy, backend, server),
            Effect.ServerSet set => HasCheckedTwin(proxy, set.Backend, set.Server),
            _ => false,
        };
        Assert.False((isRemoval && !isRead && !isReplaced) || isChange, $"sent while removals are held: {planned.Command}");
    }

    private static MapKey EntryOf(Effect effect) => effect switch
    {
        Effect.MapSet(var entry, _) => entry,
        Effect.MapDeleted(var entry) => entry,
        _ => default,
    };

    /// <summary>The same endpoint, with checks, is there already.</summary>
    private static bool HasCheckedTwin(ProxySimulator proxy, string backend, string server) =>
        proxy.Backends.GetValueOrDefault(backend)?.Servers.Any(other => other.Value.HasCheck && other.Key != server && BackendNames.Endpoint(other.Key).SequenceEqual(BackendNames.Endpoint(server))) == true;

    /// <summary>A route of the same Ingress led nowhere.</summary>
    private static bool HasComeToLife(string held, string value) =>
        RouteMaps.BackendOf(held) is ProgramRenderer.NoRouteBackend && RouteMaps.BackendOf(value) is not ProgramRenderer.NoRouteBackend && RouteMaps.IngressOf(held).SequenceEqual(RouteMaps.IngressOf(value))
        && RouteMaps.PolicyOf(held).SequenceEqual(RouteMaps.PolicyOf(value));

    public static void IsServable(
        World world, DesiredData desired, ProxySimulator proxy, Dictionary<MapKey, Served> before, bool isBehind, bool isHeld, RuntimeCommand after)
    {
        foreach (var map in RouteMaps.All)
        {
            var keys = proxy.Map(map).Select(static pair => pair.Key).ToList();
            Assert.True(keys.Distinct(StringComparer.Ordinal).Count() == keys.Count, $"a key is twice in {map} after {after}");
        }

        foreach (var (entry, targets) in Entries(proxy))
        {
            Assert.All(targets, target => Assert.True(isBehind || proxy.Backends.ContainsKey(target), $"{entry} leads to {target}, which isn't there, after {after}"));
            var wanted = Wanted(world, desired, entry);
            var old = before.GetValueOrDefault(entry) ?? new Served([], []);
            HashSet<string> now = [.. targets.SelectMany(target => Services(proxy, target))];
            Assert.True(
                now.All(service => old.By.Contains(service) || old.Owners.Contains(service) || service == wanted?.Service),
                $"{entry} of {wanted?.Service ?? "nobody"} is served by {string.Join(',', now)} after {after}");
            var mayBeEmpty = isBehind || wanted is null || wanted.Backends.Sum(static backend => backend.Servers.Values.Count(static server => !server.IsDraining)) == 0 || old.By.Count == 0
                || (!wanted.Backends.TrueForAll(backend => HasPlace(proxy, backend)) && targets.TrueForAll(target => desired.Find(target) is not null))
                || (isHeld && targets.TrueForAll(target => HasLostAll(desired, target)));
            Assert.True(mayBeEmpty || now.Count > 0, $"{entry} of {wanted?.Service} has nobody in {string.Join(',', targets)} after {after}");
        }

        if (isBehind)
            return;
        EveryDrawLeadsSomewhere(desired, proxy, before, after);
        PoliciesAreWhole(proxy, after);
    }

    /// <summary>Where a route has to stay while removals are held, members that are read have nobody left.</summary>
    private static bool HasLostAll(DesiredData desired, string target) => desired.Find(target) is { } old && old.Servers.Values.All(static server => server.IsDraining);

    private static void EveryDrawLeadsSomewhere(DesiredData desired, ProxySimulator proxy, Dictionary<MapKey, Served> before, RuntimeCommand after)
    {
        // Who served nobody, such as with weights of zero, may come to life draw by draw.
        var dead = Entries(proxy).Select(static entry => entry.Key).Where(key => before.GetValueOrDefault(key) is { By.Count: 0 }).ToHashSet();
        var wanted = desired.Map(MapName.Shares).Keys.Select(static key => RouteMaps.SteerOf(key).ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var value in RouteMaps.Routing.SelectMany(map => proxy.Map(map).Where(pair => !dead.Contains(new MapKey(map, pair.Key)))).Select(static pair => pair.Value).Where(RouteMaps.IsSteered).Distinct(StringComparer.Ordinal))
        {
            var steer = RouteMaps.SteerTextOf(value).ToString();
            var draws = proxy.Map(MapName.Shares).Where(pair => RouteMaps.SteerOf(pair.Key).SequenceEqual(steer)).Select(pair => pair.Key[(steer.Length + 1)..]).ToHashSet(StringComparer.Ordinal);
            Assert.True(!wanted.Contains(steer) || draws.Count == 0 || IsCovered("1", draws), $"{steer} has draws that lead nowhere, of {string.Join(',', draws)}, after {after}");
        }
    }

    private static void PoliciesAreWhole(ProxySimulator proxy, RuntimeCommand after)
    {
        var known = World.Rules.Select(PolicyData.Of).ToDictionary(static data => data.Id);
        var named = RouteMaps.Routing.SelectMany(proxy.Map).Select(static pair => RouteMaps.PolicyOf(pair.Value).ToString()).Where(static id => id.Length > 0).Distinct(StringComparer.Ordinal);
        foreach (var (entry, value) in named.SelectMany(id => known[id].Entries))
            Assert.True(proxy.Map(entry.Map).Contains(KeyValuePair.Create(entry.Key, value)), $"a route names a policy without {entry} after {after}");
        foreach (var id in RouteMaps.Routing.SelectMany(proxy.Map).Select(static pair => RouteMaps.ExpressionsOf(pair.Value).ToString()).Where(static id => id.Length > 0).Distinct(StringComparer.Ordinal))
        {
            var branches = proxy.Map(RouteMaps.PatternsOf(id)).Single(pair => pair.Key.Contains($"^{id}:", StringComparison.Ordinal)).Key.Split("(?m:").Length - 1;
            Assert.True(proxy.Map(MapName.Policies).Count(pair => pair.Key.StartsWith($"{id}:{PathExpressionData.Letter}", StringComparison.Ordinal)) == branches, $"a route names expressions that are not all there after {after}");
        }
    }

    private static bool IsCovered(string prefix, HashSet<string> draws) =>
        draws.Contains(prefix) || (prefix.Length < 5 && Enumerable.Range(0, 10).All(digit => IsCovered($"{prefix}{digit}", draws)));

    /// <summary>Requests reach exactly the endpoints of the model, and HAProxy holds nothing else.</summary>
    public static void Reached(World world, DesiredData desired, ProxySimulator proxy)
    {
        var whole = world.Whole();
        var fragments = whole.Backends.ToDictionary(static pair => pair.Key, static pair => pair.Value);
        var targets = Entries(proxy).ToDictionary(static entry => entry.Key, static entry => entry.Targets);
        Assert.Equal(world.Routes.Count, targets.Count);
        foreach (var (key, route) in world.Routes)
        {
            var expected = world.Expected(route, fragments.GetValueOrDefault(route.Backend.Ref.Service));
            var serving = targets[RouteMaps.KeyOf(key)!.Value].SelectMany(target => proxy.Backends[target].Serving).Select(static server => server.Address).Distinct(StringComparer.Ordinal);
            Assert.Equal(expected.Order(StringComparer.Ordinal), serving.Order(StringComparer.Ordinal));
        }

        foreach (var (name, backend) in proxy.Backends)
        {
            Assert.All(backend.Servers, static server => Assert.Equal((server.Key.Split(':')[^1].StartsWith('c'), server.Value.HasCheck), (server.Value.HasCheck, server.Value.IsChecked)));
            Assert.All(backend.Servers, server => Assert.Equal(NumberOf(desired.Find(name)!.Servers[server.Key], proxy.Features), server.Value.Id));
            Assert.All(backend.Servers, server => Assert.Equal(desired.Find(name)!.Key.Variant?.MaxConnections ?? 0, server.Value.MaxConnections));
            Assert.All(backend.Servers.Values, server => Assert.True(server.HasCookie || desired.Find(name)?.Key.Profile.BindsSessions != true, $"{name} has a server without a cookie"));
        }

        NothingElse(whole, desired, proxy);
        var named = world.Routes.Keys.Select(desired.PolicyOf).OfType<RoutePolicy>().Distinct().Select(PolicyData.Of).ToList();
        var expressions = world.Routes.Values.Where(static route => route.Expression is not null).GroupBy(static route => route.Key.Host, StringComparer.Ordinal).Select(PathExpressionData.Of);
        Assert.Equal(named.Sum(static data => data.Entries.Count) + expressions.Sum(static data => data.Entries.Count), RouteMaps.All.Where(RouteMaps.IsOfPolicies).Sum(map => proxy.Map(map).Count));
    }

    private static int NumberOf(ServerSpec server, ProxyFeatures features) =>
        features.HashKeys && server.Profile.Balance != BalanceAlgorithm.First ? 0 : server.Number;

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
            Assert.True(named.ContainsKey(name) || BackendPool.IsSlot(name) || ProgramRenderer.IsOwn(name), $"{name} was not deleted");
        }

        var actual = proxy.Observe();
        var hosts = desired.Certificates.Values.SelectMany(static file => file.Hosts).Order(StringComparer.Ordinal);
        Assert.Equal(whole.Certificates.Select(static pair => pair.Key).Order(StringComparer.Ordinal), hosts);
        Assert.Equal(desired.Certificates.Keys.Order(StringComparer.Ordinal), actual.ListedCertificates.Order(StringComparer.Ordinal));
        Assert.Equal(desired.Certificates.Keys.Order(StringComparer.Ordinal), actual.LoadedCertificates.Order(StringComparer.Ordinal));
    }

    /// <summary>What says of a host only that it has expressions leads nowhere.</summary>
    private static IEnumerable<(MapKey Key, List<string> Targets)> Entries(ProxySimulator proxy) => RouteMaps.Routing
        .SelectMany(map => proxy.Map(map).Where(static pair => !RouteMaps.IngressOf(pair.Value).IsEmpty).Select(pair => (new MapKey(map, pair.Key), Targets(proxy, pair.Value))));

    private static List<string> Targets(ProxySimulator proxy, string value)
    {
        if (!RouteMaps.IsSteered(value))
            return [RouteMaps.BackendOf(value).ToString()];
        var steer = RouteMaps.SteerTextOf(value).ToString();
        return [.. proxy.Map(MapName.Shares).Where(pair => RouteMaps.SteerOf(pair.Key).SequenceEqual(steer)).Select(static pair => pair.Value).Distinct(StringComparer.Ordinal)];
    }

    private static HashSet<string> Services(ProxySimulator proxy, string backend) => proxy.Backends.TryGetValue(backend, out var held)
        ? [.. held.Serving.Select(static server => World.ServiceOf(server.Address))]
        : [];

    private static bool HasPlace(ProxySimulator proxy, DesiredBackend backend) =>
        backend.Name is { } name && (proxy.Backends.ContainsKey(name) || !BackendPool.IsSlot(name));

    private static WantedRoute? Wanted(World world, DesiredData desired, MapKey entry)
    {
        foreach (var (key, route) in world.Routes)
        {
            if (RouteMaps.KeyOf(key) != entry)
                continue;
            var steer = desired.Steers.FirstOrDefault(steer => steer.Routes.Contains(key));
            List<DesiredBackend?> backends = steer is null ? [desired.Find(DesiredData.PlaceOf(route))] : [.. steer.Groups.Where(static group => group.Share > 0).Select(static group => group.Backend)];
            return new WantedRoute(route.Backend.Ref.Service.Name, [.. backends.OfType<DesiredBackend>()]);
        }

        return null;
    }

    private sealed record WantedRoute(string Service, List<DesiredBackend> Backends);
}
