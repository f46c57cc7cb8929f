using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Backends;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated backend: the endpoints of a Service in all members.</summary>
public sealed class BackendEntity(ObjectKey key, EntityStart start, EntityContext shared) : FederatedEntity<ServiceCopy>(start, shared)
{
    /// <summary>How often names of ExternalName Services are resolved anew.</summary>
    private static readonly TimeSpan ResolveInterval = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, EquatableArray<string>> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resolving = new(StringComparer.Ordinal);
    private readonly FlapDamper? _damper = shared.Endpoints.DampsFlapping ? new FlapDamper() : null;
    private long? _started;

    private protected override void Handle(object message)
    {
        switch (message)
        {
            case ResolveDue:
                Resolve(BackendFederation.ExternalNames(Copies), newNamesOnly: false);
                break;
            case Resolved resolved:
                Take(resolved);
                break;
            case WaitEnded:
                Reconsider(new Cause(CauseKind.Time, null, "a pod that came and went has stayed ready"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected override EntityRecord? Merge(DateTimeOffset now)
    {
        var names = BackendFederation.ExternalNames(Copies);
        if (_addresses.Count > 0)
        {
            foreach (var gone in _addresses.Keys.Except(names, StringComparer.Ordinal).ToList())
                _addresses.Remove(gone);
        }

        Resolve(names, newNamesOnly: true);
        if (IsEmpty)
            return null;
        var merged = BackendFederation.Merge(key, Copies, new ExternalNameResolution(_addresses), Shared.Endpoints);
        var fragment = merged is null ? null : Damp(merged);
        return new EntityRecord.Backend(
            key, Copies, _addresses.Count == 0 ? [] : _addresses.Select(static item => new ResolvedName(item.Key, item.Value)).ToEquatableArray(), fragment);
    }

    private Fragment.Backend Damp(Fragment.Backend merged)
    {
        if (_damper is null)
            return merged;
        var time = Context.System.TimeProvider;
        var now = time.GetElapsedTime(_started ??= time.GetTimestamp());
        var damped = _damper.Apply(merged, now);
        if (_damper.Due is { } due)
            Context.Timers.StartSingle(WaitEnded.Instance, due - now, WaitEnded.Instance);
        return damped;
    }

    private protected override IEnumerable<(MemberName Member, ServiceCopy Copy)> Take(EntityRecord record)
    {
        if (record is not EntityRecord.Backend backend)
            return [];
        foreach (var resolved in backend.Resolved)
            _addresses.TryAdd(resolved.Name, resolved.Addresses);
        return backend.Copies.Select(static copy => (copy.Member, copy));
    }

    private protected override Cause CauseOf(MemberName member, ServiceCopy? copy, ServiceCopy? before) => copy?.Service is not null
        ? ChangedObject.Of(member, ObjectsOf(before), [.. ObjectsOf(copy)])
        : new Cause(CauseKind.Deleted, before?.Service is { } gone ? ObjectReference.Of(member, gone) : null);

    private static IEnumerable<Resource> ObjectsOf(ServiceCopy? copy) =>
        copy?.Service is { } service ? [service, .. copy.Slices, .. copy.Nodes] : [];

    private void Resolve(IReadOnlyCollection<string> names, bool newNamesOnly)
    {
        foreach (var name in names)
        {
            if ((newNamesOnly && _addresses.ContainsKey(name)) || !_resolving.Add(name))
                continue;
            Context.PipeToSelf(
                Shared.Resolver.ResolveAsync(name, Context.Stopping),
                addresses => new Resolved(name, addresses),
                _ => new Resolved(name, []));
        }

        // Not set anew by news, or a Service that changes all the time would never be resolved again.
        if (names.Count > 0 && !Context.Timers.IsActive(ResolveDue.Instance))
            Context.Timers.StartSingle(ResolveDue.Instance, ResolveInterval, ResolveDue.Instance);
    }

    /// <summary>A failure keeps the last addresses: unknown is not empty.</summary>
    private void Take(Resolved resolved)
    {
        _resolving.Remove(resolved.Name);
        if (resolved.Addresses.Count == 0)
            return;
        var addresses = resolved.Addresses.ToEquatableArray();
        if (_addresses.TryGetValue(resolved.Name, out var known) && known == addresses)
            return;
        _addresses[resolved.Name] = addresses;
        Reconsider(new Cause(CauseKind.Observed, null, $"{resolved.Name} resolves to other addresses"));
    }

    private sealed record ResolveDue
    {
        public static readonly ResolveDue Instance = new();
    }

    private sealed record WaitEnded
    {
        public static readonly WaitEnded Instance = new();
    }

    private sealed record Resolved(string Name, IReadOnlyList<string> Addresses);
}
