using MultiCluster.Federation.Backends;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated backend: the endpoints of a Service in all members.</summary>
public sealed class BackendEntity(ObjectKey key, EntityContext shared) : FederatedEntity<ServiceCopy>(EntityId.Backend(key), shared)
{
    /// <summary>How often names of ExternalName Services are resolved anew.</summary>
    private static readonly TimeSpan ResolveInterval = TimeSpan.FromSeconds(30);

    /// <summary>Of the names in use only.</summary>
    private readonly Dictionary<string, EquatableArray<string>> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resolving = new(StringComparer.Ordinal);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ResolveDue:
                Resolve(newNamesOnly: false);
                break;
            case Resolved resolved:
                Take(resolved);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override Fragment? Merge(DateTimeOffset now) =>
        BackendFederation.Merge(key, Copies, new ExternalNameResolution(_addresses), Shared.Endpoints);

    protected override void OnCopiesChanged() => Resolve(newNamesOnly: true);

    private void Resolve(bool newNamesOnly)
    {
        var names = BackendFederation.ExternalNames(Copies);
        foreach (var gone in _addresses.Keys.Except(names, StringComparer.Ordinal).ToList())
            _addresses.Remove(gone);
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
        if (resolved.Addresses.Count == 0 || !BackendFederation.ExternalNames(Copies).Contains(resolved.Name, StringComparer.Ordinal))
            return;
        var addresses = resolved.Addresses.ToEquatableArray();
        if (_addresses.TryGetValue(resolved.Name, out var known) && known == addresses)
            return;
        _addresses[resolved.Name] = addresses;
        MergeAgain();
    }

    private sealed record ResolveDue
    {
        public static readonly ResolveDue Instance = new();
    }

    private sealed record Resolved(string Name, IReadOnlyList<string> Addresses);
}
