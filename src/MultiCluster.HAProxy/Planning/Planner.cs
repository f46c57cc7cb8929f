using System.Collections.Immutable;
using System.Net;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// The difference between desire and HAProxy as commands. What a route needs exists before the route: certificates,
/// backends and servers, then map entries; removal goes the other way round, so an old server leaves only after the new one
/// is ready and no map entry leads to it alone.
/// </summary>
public sealed class Planner(Commands commands, ProxyFeatures features)
{
    private readonly List<PlannedCommand> _certificates = [];
    private readonly List<PlannedCommand> _backends = [];
    private readonly List<PlannedCommand> _maps = [];
    private readonly List<PlannedCommand> _mapDeletions = [];
    private readonly List<PlannedCommand> _serverRemovals = [];
    private readonly List<PlannedCommand> _backendRemovals = [];
    private readonly List<PlannedCommand> _certificateRemovals = [];

    /// <param name="additionsOnly">Leaves out what removes or changes something that HAProxy holds.</param>
    public Plan Plan(DesiredData desired, ActualData actual, Touched touched, bool additionsOnly = false)
    {
        foreach (var file in touched.Certificates)
            Certificate(file, desired, actual);
        foreach (var backend in touched.Backends)
            Backend(backend, desired, actual);
        foreach (var entry in touched.Maps)
            MapEntry(entry, desired, actual, additionsOnly);

        var plan = ImmutableArray.CreateBuilder<PlannedCommand>();
        plan.AddRange(_certificates);
        plan.AddRange(_backends);
        plan.AddRange(_maps);
        if (!additionsOnly)
        {
            plan.AddRange(_mapDeletions);
            plan.AddRange(_serverRemovals);
            plan.AddRange(_backendRemovals);
            plan.AddRange(_certificateRemovals);
        }

        Clear();
        return new Plan(plan.DrainToImmutable());
    }

    private void Certificate(string file, DesiredData desired, ActualData actual)
    {
        var subject = Subject.Certificate(file);
        if (desired.Certificates.TryGetValue(file, out var wanted))
        {
            if (actual.ListedCertificates.Contains(file))
                return;
            if (!actual.LoadedCertificates.Contains(file))
                _certificates.Add(new(commands.NewCertificate(file), Effect.None.Instance, subject));
            _certificates.Add(new(commands.SetCertificate(wanted), Effect.None.Instance, subject));
            _certificates.Add(new(commands.CommitCertificate(file), new Effect.CertificateLoaded(file), subject));
            _certificates.Add(new(commands.ListCertificate(wanted), new Effect.CertificateListed(file), subject));
            return;
        }

        if (actual.ListedCertificates.Contains(file))
            _certificateRemovals.Add(new(commands.UnlistCertificate(file), new Effect.CertificateUnlisted(file), subject));
        if (actual.LoadedCertificates.Contains(file))
            _certificateRemovals.Add(new(commands.DeleteCertificate(file), new Effect.CertificateDeleted(file), subject));
    }

    private void Backend(string name, DesiredData desired, ActualData actual)
    {
        var subject = Subject.Backend(name);
        var wanted = desired.Find(name);
        if (wanted is not null && !actual.HasBackend(name))
        {
            // A slot that the running HAProxy lacks comes with the reload that is due.
            if (!features.DynamicBackends)
                return;
            _backends.Add(new(Commands.AddBackend(name), new Effect.BackendAdded(name), subject));
            _backends.Add(new(Commands.Publish(name), Effect.None.Instance, subject));
        }

        var held = actual.Servers(name);
        if (wanted is not null)
        {
            foreach (var server in wanted.Servers.Values)
                Server(name, server, held, subject);
        }

        foreach (var (server, state) in held)
        {
            if (wanted?.Servers.TryGetValue(server, out var spec) != true || !SameAddress(spec, state))
                Remove(name, server, state, subject);
        }

        if (wanted is null && features.DynamicBackends && actual.HasBackend(name) && BackendPool.SlotIndex(name) is null && name != ProgramRenderer.NoRouteBackend)
            RemoveBackend(name, subject);
    }

    private void Server(string backend, ServerSpec server, IReadOnlyDictionary<string, ActualServer> held, Subject subject)
    {
        var ready = new ActualServer(server.Address, server.Port, InMaintenance: false);
        if (!held.TryGetValue(server.Name, out var state))
        {
            var added = features.AddServerEnabled ? ready : ready with { InMaintenance = true };
            _backends.Add(new(commands.AddServer(backend, server), new Effect.ServerSet(backend, server.Name, added), subject));
            if (added.InMaintenance)
                _backends.Add(new(Commands.Ready(backend, server.Name), new Effect.ServerSet(backend, server.Name, ready), subject));
        }
        else if (state.InMaintenance && SameAddress(server, state))
        {
            _backends.Add(new(Commands.Ready(backend, server.Name), new Effect.ServerSet(backend, server.Name, ready), subject));
        }
    }

    /// <summary>False only when somebody changed the address by hand: names hold addresses. HAProxy may spell IPv6 in its own way.</summary>
    private static bool SameAddress(ServerSpec wanted, ActualServer held) =>
        wanted.Port == held.Port
        && (string.Equals(wanted.Address, held.Address, StringComparison.Ordinal)
            || (IPAddress.TryParse(wanted.Address, out var ours) && IPAddress.TryParse(held.Address, out var theirs) && ours.Equals(theirs)));

    private void Remove(string backend, string server, ActualServer state, Subject subject)
    {
        if (!state.InMaintenance)
        {
            var resting = new Effect.ServerSet(backend, server, state with { InMaintenance = true });
            _serverRemovals.Add(new(Commands.Maintenance(backend, server), resting, subject));
        }

        _serverRemovals.Add(new(Commands.DeleteServer(backend, server), new Effect.ServerDeleted(backend, server), subject));
    }

    private void RemoveBackend(string name, Subject subject)
    {
        _backendRemovals.Add(new(Commands.Unpublish(name), Effect.None.Instance, subject));
        _backendRemovals.Add(new(Commands.DeleteBackend(name), new Effect.BackendDeleted(name), subject));
    }

    private void MapEntry(MapKey entry, DesiredData desired, ActualData actual, bool additionsOnly)
    {
        var subject = Subject.Map(entry);
        var held = actual.Map(entry.Map).GetValueOrDefault(entry.Key);
        if (!desired.Map(entry.Map).TryGetValue(entry.Key, out var wanted))
        {
            if (held is not null)
                _mapDeletions.Add(new(commands.DeleteMap(entry), new Effect.MapDeleted(entry), subject));
            return;
        }

        if (string.Equals(wanted, held, StringComparison.Ordinal) || (held is not null && additionsOnly))
            return;
        if (!features.DynamicBackends && !TargetExists(entry, wanted, actual))
            return;
        var command = held is null ? commands.AddMap(entry, wanted) : commands.SetMap(entry, wanted);
        _maps.Add(new(command, new Effect.MapSet(entry, wanted), subject));
    }

    /// <summary>A route to a slot that only the coming reload brings keeps its old value till then.</summary>
    private static bool TargetExists(MapKey entry, string value, ActualData actual) =>
        entry.Map == MapName.Backends || actual.HasBackend(value[..value.IndexOf('|', StringComparison.Ordinal)]);

    private void Clear()
    {
        _certificates.Clear();
        _backends.Clear();
        _maps.Clear();
        _mapDeletions.Clear();
        _serverRemovals.Clear();
        _backendRemovals.Clear();
        _certificateRemovals.Clear();
    }
}
