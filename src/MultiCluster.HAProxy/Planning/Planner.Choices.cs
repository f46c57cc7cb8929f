using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Entries of routes that choose among groups: every draw leads somewhere between any two commands.</summary>
public sealed partial class Planner
{
    private readonly List<MapKey> _goneShares = [];
    private readonly HashSet<string> _unfinished = new(StringComparer.Ordinal);
    private HashSet<string>? _heldSteers;

    /// <summary>
    /// A longer beginning counts before a shorter one, so new entries may come before or after old ones, but an old one goes only when all
    /// new ones of its choice are there.
    /// </summary>
    private void DeleteChoices(DesiredData desired, ActualData actual, RemovalHold? hold)
    {
        foreach (var entry in _goneShares)
        {
            var subject = Subject.Map(entry);
            if (hold is not null && !IsOfLivingChoice(entry, desired, hold))
                _heldBack.Add(subject);
            else if (_unfinished.Contains(RouteMaps.SteerOf(entry.Key).ToString()))
                _pins.Set(entry, actual.Map(entry.Map)[entry.Key]);
            else
                DeleteChoice(entry, subject);
        }
    }

    /// <summary>
    /// While removals are held a group may find no place, and for long: another's name is on it. A new route waits with all its draws then,
    /// since a part of them would be answered by nobody.
    /// </summary>
    private void HoldHalfChoices()
    {
        HoldBack(_choices, static (entry, _) => RouteMaps.SteerOf(entry.Key));
        HoldBackDeletions();
        HoldBack(_alternatives, static (_, value) => RouteMaps.SteerTextOf(value));
        HoldBack(_maps, static (_, value) => RouteMaps.SteerTextOf(value));
    }

    private void HoldBack(List<PlannedCommand> plan, SteerReader steerOf)
    {
        var unfinished = _unfinished.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = plan.Count - 1; i >= 0; i--)
        {
            if (plan[i].Effect is not Effect.MapSet(var entry, var value) || !unfinished.Contains(steerOf(entry, value)))
                continue;
            _heldBack.Add(plan[i].Subject);
            plan.RemoveAt(i);
        }
    }

    /// <summary>What an unfinished choice is left with is all of what it was.</summary>
    private void HoldBackDeletions()
    {
        var unfinished = _unfinished.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = _mapDeletions.Count - 1; i >= 0; i--)
        {
            if (_mapDeletions[i].Effect is not Effect.MapDeleted(var entry) || !RouteMaps.IsOfSteers(entry.Map) || !unfinished.Contains(RouteMaps.SteerOf(entry.Key)))
                continue;
            _heldBack.Add(_mapDeletions[i].Subject);
            _mapDeletions.RemoveAt(i);
        }
    }

    private delegate ReadOnlySpan<char> SteerReader(MapKey entry, string value);

    private void DeleteChoice(MapKey entry, Subject subject)
    {
        _pins.Remove(entry);
        AddRemoval(_mapDeletions, commands.DeleteMap(entry), new Effect.MapDeleted(entry), subject, $"{entry.Map}: {entry.Key}");
    }

    /// <summary>
    /// Another weight takes entries away as it brings others. Those of a choice that nobody makes any more stay: the route that leads to it may
    /// be held.
    /// </summary>
    private static bool IsOfLivingChoice(MapKey entry, DesiredData desired, RemovalHold hold)
    {
        return !hold.OfValues && RouteMaps.IsOfSteers(entry.Map) && !RouteMaps.IsReference(entry.Key) && desired.HasSteer(RouteMaps.SteerOf(entry.Key));
    }

    /// <summary>
    /// While values are held a choice stays as it is, all of it: what it would be made of now may be a part only. It would be wrong in more
    /// than the groups of the member that is missing: the policy itself may be that member's (the oldest copy's annotations, or the home
    /// cluster's FederatedIngress), and a weight that others say meanwhile would move sessions there and back. It needs no word of ours to
    /// pass over who is dead: HAProxy draws again by itself. What does not come through for so long is a new weight or drain, and the
    /// proportion below a health threshold.
    /// </summary>
    private bool IsHeldChoice(MapKey entry, ActualData actual)
    {
        if (!RouteMaps.IsOfSteers(entry.Map))
            return false;
        _heldSteers ??= [.. actual.Map(MapName.Shares).Keys.Select(static key => RouteMaps.SteerOf(key).ToString())];
        return _heldSteers.Contains(RouteMaps.SteerOf(entry.Key).ToString());
    }
}
