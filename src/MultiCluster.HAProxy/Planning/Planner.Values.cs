using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Values of policies, which go when no route in HAProxy names the policy any more.</summary>
public sealed partial class Planner
{
    private readonly List<MapKey> _goneValues = [];
    private readonly HashSet<MapKey> _keptValues = [];

    /// <summary>To be looked at again with every plan: a route that kept its old value may have let go of it.</summary>
    private MapKey[] TakeKeptValues()
    {
        if (_keptValues.Count == 0)
            return [];
        MapKey[] kept = [.. _keptValues];
        _keptValues.Clear();
        return kept;
    }

    /// <summary>A route that waits for the place of its new backend is led by its old value, and so by its old policy.</summary>
    private void DeleteValues(ActualData actual)
    {
        if (_goneValues.Count == 0)
            return;
        var named = _pins.Routes.Where(static entry => entry.Map is MapName.Routes or MapName.Defaults)
            .Select(entry => actual.Map(entry.Map).GetValueOrDefault(entry.Key, ""))
            .SelectMany(static value => new[] { RouteMaps.PolicyOf(value).ToString(), RouteMaps.ExpressionsOf(value).ToString(), RouteMaps.ChoiceIdOf(value).ToString() })
            .ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var entry in _goneValues)
        {
            if (named.Contains(PolicyData.IdOf(entry)))
                _keptValues.Add(entry);
            else
                AddRemoval(_mapDeletions, commands.DeleteMap(entry), new Effect.MapDeleted(entry), Subject.Map(entry), $"{entry.Map}: {entry.Key}");
        }
    }
}
