using System.Net;
using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Servers of one backend: new ones first, and old ones go when nothing depends on them.</summary>
public sealed partial class Planner
{
    /// <summary>Endpoints of the backend that get a server by this plan.</summary>
    private readonly HashSet<string> _coming = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deferred = new(StringComparer.Ordinal);

    private void Server(string backend, DesiredBackend wanted, ServerSpec server, IReadOnlyDictionary<string, ActualServer> held, Subject subject)
    {
        var should = new ActualServer(server.Address, server.Port, InMaintenance: false, server.IsDraining);
        if (!held.TryGetValue(server.Name, out var state))
        {
            Add(_backends, commands.AddServer(backend, server), new Effect.ServerSet(backend, server.Name, should with { InMaintenance = true, HasChecksOff = server.IsChecked }), subject);
            _needsCookies |= wanted.Key.Profile.BindsSessions;
        }
        else if (!SameAddress(server, state))
        {
            return;
        }

        var isHeld = held.ContainsKey(server.Name);
        if (!isHeld || (state.InMaintenance && !state.IsAs(server)) || state.HasChecksOff)
            _coming.Add(BackendNames.Endpoint(server.Name).ToString());
        if (server.IsChecked && (!isHeld || state.HasChecksOff))
            Add(_backends, Commands.EnableChecks(backend, server.Name), new Effect.ServerSet(backend, server.Name, isHeld ? state with { HasChecksOff = false } : should with { InMaintenance = true }), subject);
        if (isHeld && state.IsAs(server))
            return;
        var command = server.IsDraining ? Commands.Drain(backend, server.Name) : Commands.Ready(backend, server.Name);

        // One that takes requests stops after routes that want others have moved to those.
        var plan = server.IsDraining && isHeld && !state.InMaintenance ? _serverRemovals : _backends;
        if (state.AsksAgent)
            Add(plan, Commands.AskAgent(backend, server.Name, asks: false), new Effect.ServerSet(backend, server.Name, state with { AsksAgent = false }), subject);
        Add(plan, command, new Effect.ServerSet(backend, server.Name, should), subject);
        if (server.HasAgent && !server.IsDraining)
            Add(plan, Commands.AskAgent(backend, server.Name, asks: true), new Effect.ServerSet(backend, server.Name, should with { AsksAgent = true }), subject);
    }

    private void RemoveUnwanted(
        string name, DesiredBackend wanted, IReadOnlyDictionary<string, ActualServer> held, DesiredData desired, Subject subject, bool isAnothers, RemovalHold? hold)
    {
        foreach (var (server, state) in held)
        {
            var isNamed = wanted.Servers.TryGetValue(server, out var spec);
            if (isNamed && SameAddress(spec!, state))
                continue;
            // HAProxy may refuse the one that takes its place.
            if (!isNamed && !isAnothers && IsComing(server))
                _deferred.Add(name);
            else if (hold?.Keeps(server, desired.Knows) == true && !IsReplaced(server, wanted))
                _heldBack.Add(subject);
            else
                Remove(name, server, state, subject, isAnothers ? _evictions : _serverRemovals);
        }
    }

    private bool IsComing(string server) =>
        _coming.Count > 0 && _coming.GetAlternateLookup<ReadOnlySpan<char>>().Contains(BackendNames.Endpoint(server));

    /// <summary>The same endpoint with checks takes its place: held too, it would get requests however dead it is.</summary>
    private static bool IsReplaced(string server, DesiredBackend wanted)
    {
        foreach (var (name, spec) in wanted.Servers)
        {
            if (spec.IsChecked && BackendNames.Endpoint(name).SequenceEqual(BackendNames.Endpoint(server)))
                return true;
        }

        return false;
    }

    /// <summary>False only when somebody changed the address by hand: names hold addresses. HAProxy may spell IPv6 in its own way.</summary>
    internal static bool SameAddress(ServerSpec wanted, ActualServer held) =>
        wanted.Port == held.Port
        && (string.Equals(wanted.Address, held.Address, StringComparison.Ordinal)
            || (IPAddress.TryParse(wanted.Address, out var ours) && IPAddress.TryParse(held.Address, out var theirs) && ours.Equals(theirs)));

    private void Remove(string backend, string server, ActualServer state, Subject subject, List<PlannedCommand> plan)
    {
        if (state.AsksAgent)
        {
            // It could call the server back.
            state = state with { AsksAgent = false };
            AddRemoval(plan, Commands.AskAgent(backend, server, asks: false), new Effect.ServerSet(backend, server, state), subject, $"{backend}/{server}");
        }

        if (!state.InMaintenance)
        {
            var resting = new Effect.ServerSet(backend, server, state with { InMaintenance = true });
            AddRemoval(plan, Commands.Maintenance(backend, server), resting, subject, $"{backend}/{server}");
        }

        AddRemoval(plan, Commands.DeleteServer(backend, server), new Effect.ServerDeleted(backend, server), subject, $"{backend}/{server}");
    }
}
