using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// The difference between desire and HAProxy as commands. What a route needs exists before the route: certificates,
/// backends and servers, then map entries; removal goes the other way round, so an old server leaves only after the new one
/// is ready and no map entry leads to it alone.
/// </summary>
public sealed partial class Planner(Commands commands, ProxyFeatures features)
{
    private const string OutsideAlphabet = "a name or value of it is longer than, or holds something that, any command can carry";

    private readonly List<PlannedCommand> _certificates = [];
    private readonly List<PlannedCommand> _owners = [];
    private readonly List<PlannedCommand> _evictions = [];
    private readonly List<PlannedCommand> _backends = [];
    private readonly List<PlannedCommand> _choices = [];
    private readonly List<PlannedCommand> _alternatives = [];
    private readonly List<PlannedCommand> _maps = [];
    private readonly List<PlannedCommand> _mapDeletions = [];
    private readonly List<PlannedCommand> _serverRemovals = [];
    private readonly List<PlannedCommand> _backendRemovals = [];
    private readonly List<PlannedCommand> _certificateRemovals = [];
    private readonly HashSet<Subject> _inexpressible = [];
    private readonly HashSet<string> _homeless = new(StringComparer.Ordinal);
    private readonly HashSet<Subject> _heldBack = [];
    private readonly Pins _pins = new();
    private bool _needsCookies;

    /// <summary>HAProxy has something that would be removed or changed, were it not for the hold.</summary>
    public bool HoldsBack => _heldBack.Count > 0;

    /// <summary>Backends with endpoints have names of slots that the running HAProxy lacks: they come with a reload.</summary>
    public bool HasHomeless => _homeless.Count > 0;

    /// <param name="hold">Leaves out what removes or changes something that may be wanted, but for routes that led nowhere.</param>
    /// <param name="suspects">
    /// Certificates that were refused before. One that fails half-way leaves HAProxy's only transaction open, in which those
    /// behind it fail as well, so after each of these it is closed.
    /// </param>
    public Plan Plan(DesiredData desired, ActualData actual, Touched touched, RemovalHold? hold = null, IReadOnlySet<string>? suspects = null)
    {
        Certificates(desired, actual, touched.Certificates, hold, suspects ?? NoSuspects);
        touched.Maps.UnionWith(TakeKeptValues());
        foreach (var entry in touched.Maps)
            MapEntry(entry, desired, actual, hold);
        DeleteChoices(desired, actual, hold);
        DeleteValues(actual);
        if (hold is not null && _unfinished.Count > 0)
            HoldHalfChoices();
        touched.Backends.UnionWith(_pins.TakeFreed());
        foreach (var backend in touched.Backends)
            Backend(backend, desired, actual, hold);

        return Assemble();
    }

    /// <summary>True while a route that should lead elsewhere still leads to this backend, since its new one has no place yet.</summary>
    public bool IsPinned(string backend) => _pins.Contains(backend);

    /// <summary>To be called when what HAProxy holds was read anew.</summary>
    public void Forget(DesiredData desired, ActualData actual)
    {
        _pins.Clear();
        _keptValues.Clear();
        _homeless.Clear();
        _heldBack.Clear();
        FindOwnerless(desired, actual);
    }

    private Plan Assemble()
    {
        var plan = ImmutableArray.CreateBuilder<PlannedCommand>();
        plan.AddRange(_trust);
        plan.AddRange(_certificates);
        plan.AddRange(_evictions);
        plan.AddRange(_owners);
        plan.AddRange(_backends);
        plan.AddRange(_choices);
        plan.AddRange(_alternatives);
        plan.AddRange(_maps);
        plan.AddRange(_mapDeletions);
        plan.AddRange(_serverRemovals);
        plan.AddRange(_backendRemovals);
        plan.AddRange(_certificateRemovals);
        plan.AddRange(_trustRemovals);
        plan.AddRange(_trustEntries);

        ImmutableArray<RefusedSubject> inexpressible = [];
        if (_inexpressible.Count > 0)
        {
            plan.RemoveAll(planned => _inexpressible.Contains(planned.Subject));
            inexpressible = [.. _inexpressible.Select(static subject => new RefusedSubject(subject, OutsideAlphabet))];
        }

        ImmutableArray<string> deferred = [.. _deferred];
        Clear();
        return new Plan(plan.DrainToImmutable(), inexpressible) { Deferred = deferred };
    }

    /// <summary>Without a command none of the subject's others would make sense.</summary>
    private void Add(List<PlannedCommand> plan, RuntimeCommand? command, Effect effect, Subject subject)
    {
        if (command is null)
            _inexpressible.Add(subject);
        else
            plan.Add(new(command, effect, subject));
    }

    /// <summary>For what HAProxy holds: hands may have given it any name. What can't be named stays, and its surroundings go on.</summary>
    private void AddRemoval(List<PlannedCommand> plan, RuntimeCommand? command, Effect effect, Subject subject, string what)
    {
        if (command is null)
            _inexpressible.Add(Subject.Foreign(what));
        else
            plan.Add(new(command, effect, subject));
    }

    private void Backend(string name, DesiredData desired, ActualData actual, RemovalHold? hold)
    {
        if (name == ProgramRenderer.AuthoritiesBackend)
            return;
        var subject = Subject.Backend(name);
        _heldBack.Remove(subject);
        var wanted = desired.Find(name);
        var held = actual.Servers(name);
        if (wanted is null)
        {
            _homeless.Remove(name);
            if (hold is not null && (held.Count > 0 || IsDeletable(name, actual)))
                _heldBack.Add(subject);
            else if (!_pins.Contains(name))
                RemoveAll(name, held, actual, subject);
            return;
        }

        var isAnothers = IsAnothers(name, wanted, actual);
        if (!Prepare(name, wanted, actual, subject))
            return;
        if (isAnothers && hold is not null)
        {
            _heldBack.Add(subject);
            return;
        }

        if (isAnothers)
            Divert(name, actual);
        _coming.Clear();
        foreach (var server in wanted.Servers.Values)
            Server(name, wanted, server, held, subject);
        if (_needsCookies)
            Add(_backends, Commands.EnableCookies(name), Effect.None.Instance, subject);
        _needsCookies = false;
        RemoveUnwanted(name, wanted, held, desired, subject, isAnothers, hold);
    }

    /// <summary>False for a slot that the running HAProxy lacks: it comes with the reload that is due.</summary>
    private bool Prepare(string name, DesiredBackend wanted, ActualData actual, Subject subject)
    {
        if (!features.DynamicBackends)
            return HasSlot(name, wanted, actual);
        if (!actual.HasBackend(name))
            Add(_backends, Commands.AddBackend(name, wanted.Key.Profile), new Effect.BackendAdded(name), subject);

        // Also where it exists: a removal may have got as far as unpublishing it. A backend with servers is always published.
        if (wanted.Servers.Count > 0 && actual.Servers(name).Count == 0)
            Add(_backends, Commands.Publish(name), Effect.None.Instance, subject);
        return true;
    }

    private bool HasSlot(string name, DesiredBackend wanted, ActualData actual)
    {
        if (actual.HasBackend(name))
            return true;
        if (wanted.Servers.Count > 0)
            _homeless.Add(name);
        else
            _homeless.Remove(name);
        return false;
    }

    /// <summary>A dynamic backend goes when its servers are gone: until then it stays published, whoever may want it back.</summary>
    private void RemoveAll(string name, IReadOnlyDictionary<string, ActualServer> held, ActualData actual, Subject subject)
    {
        foreach (var (server, state) in held)
            Remove(name, server, state, subject, _serverRemovals);
        if (held.Count > 0 || !IsDeletable(name, actual))
            return;
        AddRemoval(_backendRemovals, Commands.Unpublish(name), Effect.None.Instance, subject, name);
        AddRemoval(_backendRemovals, Commands.DeleteBackend(name), new Effect.BackendDeleted(name), subject, name);
    }

    private bool IsDeletable(string name, ActualData actual) => features.DynamicBackends && actual.HasBackend(name) && !ProgramRenderer.IsOwn(name);

    private void MapEntry(MapKey entry, DesiredData desired, ActualData actual, RemovalHold? hold)
    {
        var subject = Subject.Map(entry);
        _heldBack.Remove(subject);
        var held = actual.Map(entry.Map).GetValueOrDefault(entry.Key);
        if (!desired.Map(entry.Map).TryGetValue(entry.Key, out var wanted))
        {
            if (entry.Map == MapName.Shares && held is not null && !RouteMaps.IsReference(entry.Key))
            {
                _goneShares.Add(entry);
                return;
            }

            _pins.Remove(entry);
            if (held is not null && hold is not null && !IsOfLivingChoice(entry, desired, hold))
                _heldBack.Add(subject);
            else if (held is not null && RouteMaps.IsOfPolicies(entry.Map) && !RouteMaps.IsReference(entry.Key))
                _goneValues.Add(entry);
            else if (held is not null)
                AddRemoval(RouteMaps.IsReference(entry.Key) ? _evictions : _mapDeletions, commands.DeleteMap(entry), new Effect.MapDeleted(entry), subject, $"{entry.Map}: {entry.Key}");
            return;
        }

        if (string.Equals(wanted, held, StringComparison.Ordinal))
        {
            _pins.Remove(entry);
            return;
        }

        if (hold is not null && entry.Map == MapName.Trust && held is not null)
        {
            // Lines that believe others stay, and must not pass for new ones.
            _heldBack.Add(subject);
            return;
        }

        if (hold is not null && (IsHeldPlace(entry, held, desired, actual) || (hold.OfValues && (held is null ? IsHeldChoice(entry, actual) : !HasComeToLife(held, wanted)))))
        {
            _heldBack.Add(subject);
            return;
        }

        if (!HasTarget(entry, wanted, desired, actual, hold))
        {
            if (held is not null)
                _pins.Set(entry, RouteMaps.TargetOf(entry.Map, held).ToString());
            if (entry.Map == MapName.Shares)
                _unfinished.Add(RouteMaps.SteerOf(entry.Key).ToString());
            return;
        }

        _pins.Remove(entry);
        var command = held is null ? commands.AddMap(entry, wanted) : commands.SetMap(entry, wanted);
        Add(RouteMaps.IsAlternative(entry) ? _alternatives : PlaceOf(entry, held), command, new Effect.MapSet(entry, wanted), subject);
    }

    /// <summary>
    /// The same route, for the same Ingress and under the same policy, has led nowhere until now: its endpoints came after it. That takes
    /// nothing away. Another policy may be what is left of the old one while the member that guarded the route is not read.
    /// </summary>
    private static bool HasComeToLife(string held, string wanted)
    {
        return RouteMaps.BackendOf(held).SequenceEqual(ProgramRenderer.NoRouteBackend) && !RouteMaps.BackendOf(wanted).SequenceEqual(ProgramRenderer.NoRouteBackend)
            && RouteMaps.IngressOf(held).SequenceEqual(RouteMaps.IngressOf(wanted))
            && RouteMaps.PolicyOf(held).SequenceEqual(RouteMaps.PolicyOf(wanted));
    }

    /// <summary>A route to a backend that only the coming reload has a place for keeps its old value till then.</summary>
    private bool HasTarget(MapKey entry, string value, DesiredData desired, ActualData actual, RemovalHold? hold)
    {
        var target = RouteMaps.TargetOf(entry.Map, value);
        if (target.IsEmpty)
            return true;
        if (target.SequenceEqual(ProgramRenderer.NoRouteBackend))
            return !desired.IsWaiting(entry) || !actual.Map(entry.Map).ContainsKey(entry.Key);
        var name = target.ToString();
        if (!features.DynamicBackends && !actual.HasBackend(name))
            return false;
        return hold is null || desired.Find(name) is not { } backend || !IsAnothers(name, backend, actual);
    }

    private void Clear()
    {
        _certificates.Clear();
        _owners.Clear();
        _evictions.Clear();
        _backends.Clear();
        _choices.Clear();
        _alternatives.Clear();
        _maps.Clear();
        _mapDeletions.Clear();
        _serverRemovals.Clear();
        _backendRemovals.Clear();
        _certificateRemovals.Clear();
        _trust.Clear();
        _trustRemovals.Clear();
        _trustEntries.Clear();
        _inexpressible.Clear();
        _goneShares.Clear();
        _goneValues.Clear();
        _unfinished.Clear();
        _deferred.Clear();
        _heldSteers = null;
    }
}
