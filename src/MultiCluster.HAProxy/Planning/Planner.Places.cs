using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Places that somebody had before: no request of the last owner's may reach the next.</summary>
public sealed partial class Planner
{
    /// <summary>Slots that entries lead to, without a word on whose they are, and not ours: HAProxy refused it, and whoever knew has stopped.</summary>
    private readonly HashSet<string> _ownerless = new(StringComparer.Ordinal);

    private void FindOwnerless(DesiredData desired, ActualData actual)
    {
        _ownerless.Clear();
        var targets = _ownerless.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var map in RouteMaps.Routing.Concat(RouteMaps.Choosing))
        {
            var wanted = desired.Map(map);
            foreach (var (key, value) in actual.Map(map))
            {
                if (!wanted.TryGetValue(key, out var ours) || !string.Equals(ours, value, StringComparison.Ordinal))
                    targets.Add(RouteMaps.TargetOf(map, value));
            }
        }

        _ownerless.ExceptWith(actual.Map(MapName.Backends).Keys);
        _ownerless.RemoveWhere(static name => !BackendPool.IsSlot(name));
    }

    /// <summary>True when HAProxy remembers another owner of this place: it runs from an older start file than we remember.</summary>
    private bool IsAnothers(string name, DesiredBackend wanted, ActualData actual) =>
        actual.Map(MapName.Backends).TryGetValue(name, out var owner)
            ? !string.Equals(owner, wanted.RealName, StringComparison.Ordinal)
            : _ownerless.Contains(name) || actual.Servers(name).Keys.Any(server => !wanted.Servers.ContainsKey(server));

    /// <summary>Before the new owner moves in, no route of the old one may lead here.</summary>
    private void Divert(string name, ActualData actual)
    {
        _ownerless.Remove(name);
        foreach (var map in RouteMaps.Routing.Concat(RouteMaps.Choosing))
        {
            foreach (var (key, value) in actual.Map(map))
            {
                // Entries of a foreign hand are deleted before anybody moves in.
                if (RouteMaps.IsReference(key) || !RouteMaps.TargetOf(map, value).SequenceEqual(name))
                    continue;
                var entry = new MapKey(map, key);
                var nowhere = map is MapName.Routes or MapName.Defaults ? RouteMaps.WithBackend(value, ProgramRenderer.NoRouteBackend) : ProgramRenderer.NoRouteBackend;
                if (!SafeText.IsValue(nowhere))
                    nowhere = ProgramRenderer.NoRouteBackend + "||";
                AddRemoval(_evictions, commands.SetMap(entry, nowhere), new Effect.MapSet(entry, nowhere), Subject.Map(entry), $"{map}: {key}");
            }
        }
    }

    /// <summary>Nobody knows whose servers are there. With a name on it, they would be taken for the new owner's.</summary>
    private bool IsHeldPlace(MapKey entry, string? held, DesiredData desired, ActualData actual) =>
        entry.Map == MapName.Backends && (held is not null || (desired.Find(entry.Key) is { } owner && IsAnothers(entry.Key, owner, actual)));
}
