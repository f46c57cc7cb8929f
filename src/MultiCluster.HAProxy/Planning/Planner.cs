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
    private readonly List<PlannedCommand> _owners = [];
    private readonly List<PlannedCommand> _evictions = [];
    private readonly List<PlannedCommand> _backends = [];
    private readonly List<PlannedCommand> _maps = [];
    private readonly List<PlannedCommand> _mapDeletions = [];
    private readonly List<PlannedCommand> _serverRemovals = [];
    private readonly List<PlannedCommand> _backendRemovals = [];
    private readonly List<PlannedCommand> _certificateRemovals = [];
    private readonly Pins _pins = new();

    /// <param name="additionsOnly">Leaves out what removes or changes something that HAProxy holds.</param>
    public Plan Plan(DesiredData desired, ActualData actual, Touched touched, bool additionsOnly = false)
    {
        foreach (var file in touched.Certificates)
            Certificate(file, desired, actual);
        foreach (var entry in touched.Maps)
            MapEntry(entry, desired, actual, additionsOnly);
        touched.Backends.UnionWith(_pins.TakeFreed());
        foreach (var backend in touched.Backends)
            Backend(backend, desired, actual, additionsOnly);

        var plan = ImmutableArray.CreateBuilder<PlannedCommand>();
        plan.AddRange(_certificates);
        plan.AddRange(_evictions);
        plan.AddRange(_owners);
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

    /// <summary>True while a route that should lead elsewhere still leads to this backend, since its new one has no place yet.</summary>
    public bool IsPinned(string backend) => _pins.Contains(backend);

    /// <summary>To be called when what HAProxy holds was read anew.</summary>
    public void Forget() => _pins.Clear();

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

    private void Backend(string name, DesiredData desired, ActualData actual, bool additionsOnly)
    {
        var subject = Subject.Backend(name);
        var wanted = desired.Find(name);
        var held = actual.Servers(name);
        if (wanted is null)
        {
            if (!_pins.Contains(name))
                RemoveAll(name, held, actual, subject);
            return;
        }

        var isAnothers = IsAnothers(name, wanted, actual);
        if (!Prepare(name, wanted, actual, subject) || (additionsOnly && isAnothers))
            return;
        if (isAnothers)
            Divert(name, actual);
        foreach (var server in wanted.Servers.Values)
            Server(name, server, held, subject);
        foreach (var (server, state) in held)
        {
            if (!wanted.Servers.TryGetValue(server, out var spec) || !SameAddress(spec, state))
                Remove(name, server, state, subject, isAnothers ? _evictions : _serverRemovals);
        }
    }

    /// <summary>False for a slot that the running HAProxy lacks: it comes with the reload that is due.</summary>
    private bool Prepare(string name, DesiredBackend wanted, ActualData actual, Subject subject)
    {
        if (!features.DynamicBackends)
            return actual.HasBackend(name);
        if (!actual.HasBackend(name))
            _backends.Add(new(Commands.AddBackend(name), new Effect.BackendAdded(name), subject));

        // Also where it exists: a removal may have got as far as unpublishing it. A backend with servers is always published.
        if (wanted.Servers.Count > 0 && actual.Servers(name).Count == 0)
            _backends.Add(new(Commands.Publish(name), Effect.None.Instance, subject));
        return true;
    }

    /// <summary>True when HAProxy remembers another owner of this place: it runs from an older start file than we remember.</summary>
    private static bool IsAnothers(string name, DesiredBackend wanted, ActualData actual) =>
        actual.Map(MapName.Backends).TryGetValue(name, out var owner)
            ? !string.Equals(owner, wanted.RealName, StringComparison.Ordinal)
            : actual.Servers(name).Keys.Any(server => !wanted.Servers.ContainsKey(server));

    /// <summary>Before the new owner moves in, no route of the old one may lead here.</summary>
    private void Divert(string name, ActualData actual)
    {
        foreach (var map in RouteMaps.Routing)
        {
            foreach (var (key, value) in actual.Map(map))
            {
                if (!RouteMaps.BackendOf(value).SequenceEqual(name))
                    continue;
                var entry = new MapKey(map, key);
                var nowhere = ProgramRenderer.NoRouteBackend + value[name.Length..];
                _evictions.Add(new(commands.SetMap(entry, nowhere), new Effect.MapSet(entry, nowhere), Subject.Map(entry)));
            }
        }
    }

    /// <summary>A dynamic backend goes when its servers are gone: until then it stays published, whoever may want it back.</summary>
    private void RemoveAll(string name, IReadOnlyDictionary<string, ActualServer> held, ActualData actual, Subject subject)
    {
        foreach (var (server, state) in held)
            Remove(name, server, state, subject, _serverRemovals);
        if (held.Count > 0 || !features.DynamicBackends || !actual.HasBackend(name) || name == ProgramRenderer.NoRouteBackend)
            return;
        _backendRemovals.Add(new(Commands.Unpublish(name), Effect.None.Instance, subject));
        _backendRemovals.Add(new(Commands.DeleteBackend(name), new Effect.BackendDeleted(name), subject));
    }

    private void Server(string backend, ServerSpec server, IReadOnlyDictionary<string, ActualServer> held, Subject subject)
    {
        var ready = new ActualServer(server.Address, server.Port, InMaintenance: false);
        if (!held.TryGetValue(server.Name, out var state))
        {
            var added = new Effect.ServerSet(backend, server.Name, ready with { InMaintenance = true });
            _backends.Add(new(Commands.AddServer(backend, server), added, subject));
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

    private static void Remove(string backend, string server, ActualServer state, Subject subject, List<PlannedCommand> plan)
    {
        if (!state.InMaintenance)
        {
            var resting = new Effect.ServerSet(backend, server, state with { InMaintenance = true });
            plan.Add(new(Commands.Maintenance(backend, server), resting, subject));
        }

        plan.Add(new(Commands.DeleteServer(backend, server), new Effect.ServerDeleted(backend, server), subject));
    }

    private void MapEntry(MapKey entry, DesiredData desired, ActualData actual, bool additionsOnly)
    {
        var subject = Subject.Map(entry);
        var held = actual.Map(entry.Map).GetValueOrDefault(entry.Key);
        if (!desired.Map(entry.Map).TryGetValue(entry.Key, out var wanted))
        {
            _pins.Remove(entry);
            if (held is not null)
                _mapDeletions.Add(new(commands.DeleteMap(entry), new Effect.MapDeleted(entry), subject));
            return;
        }

        if (string.Equals(wanted, held, StringComparison.Ordinal))
        {
            _pins.Remove(entry);
            return;
        }

        if (held is not null && additionsOnly)
            return;
        if (entry.Map != MapName.Backends && !HasTarget(entry, wanted, desired, actual, additionsOnly))
        {
            if (held is not null)
                _pins.Set(entry, RouteMaps.BackendOf(held).ToString());
            return;
        }

        _pins.Remove(entry);
        var command = held is null ? commands.AddMap(entry, wanted) : commands.SetMap(entry, wanted);
        (entry.Map == MapName.Backends ? _owners : _maps).Add(new(command, new Effect.MapSet(entry, wanted), subject));
    }

    /// <summary>A route to a backend that only the coming reload has a place for keeps its old value till then.</summary>
    private bool HasTarget(MapKey entry, string value, DesiredData desired, ActualData actual, bool additionsOnly)
    {
        var target = RouteMaps.BackendOf(value);
        if (target.SequenceEqual(ProgramRenderer.NoRouteBackend))
            return !desired.IsWaiting(entry) || !actual.Map(entry.Map).ContainsKey(entry.Key);
        var name = target.ToString();
        if (!features.DynamicBackends && !actual.HasBackend(name))
            return false;
        return !additionsOnly || desired.Find(name) is not { } backend || !IsAnothers(name, backend, actual);
    }

    private void Clear()
    {
        _certificates.Clear();
        _owners.Clear();
        _evictions.Clear();
        _backends.Clear();
        _maps.Clear();
        _mapDeletions.Clear();
        _serverRemovals.Clear();
        _backendRemovals.Clear();
        _certificateRemovals.Clear();
    }
}
