using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Backends;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated backend: the endpoints of a Service in all members.</summary>
public sealed class BackendEntity(ObjectKey key, EntityContext shared) : Actor
{
    /// <summary>How often names of ExternalName Services are resolved anew.</summary>
    private static readonly TimeSpan ResolveInterval = TimeSpan.FromSeconds(30);

    private readonly CopyBook<ServiceCopy> _book = new();
    private readonly EntityId _id = EntityId.Backend(key);
    private readonly Dictionary<string, EquatableArray<string>> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resolving = new(StringComparer.Ordinal);
    private Fragment.Backend? _published;
    private bool _hasPublished;
    private bool _stale;

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _book.StartRecovery();
        Context.Parent!.Tell(new EntityProtocol.Recover(_id), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case EntityProtocol.RecoverFrom recover:
                _book.Await(recover.Members);
                _stale = true;
                break;
            case EntityProtocol.Observed observed:
                _book.Take(observed, Sender);
                _stale = true;
                Resolve(newNamesOnly: true);
                break;
            case EntityProtocol.MayStop when _book is { IsEmpty: true, IsWhole: true } && !_stale:
                Context.Stop(Self);
                break;
            case EntityProtocol.MayStop:
                Context.Parent!.Tell(new EntityProtocol.Stay(_id), Self);
                break;
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

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        if (!_stale || !_book.IsWhole)
            return default;
        _stale = false;
        var fragment = BackendFederation.Merge(key, _book.Copies, new ExternalNameResolution(_addresses));
        if (!_hasPublished || !Equals(fragment, _published))
        {
            _hasPublished = true;
            _published = fragment;
            shared.RouteTable.Tell(new RouteTableProtocol.Publish(new FragmentUpdate(_id, shared.Clock.Next(), fragment)), Self);
        }

        _book.Acknowledge(_id, Self);
        if (_book.IsEmpty)
            Context.Parent!.Tell(new EntityProtocol.Passivate(_id), Self);
        return default;
    }

    private void Resolve(bool newNamesOnly)
    {
        var names = BackendFederation.ExternalNames(_book.Copies);
        foreach (var name in names)
        {
            if ((newNamesOnly && _addresses.ContainsKey(name)) || !_resolving.Add(name))
                continue;
            Context.PipeToSelf(
                shared.Resolver.ResolveAsync(name, Context.Stopping),
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
        _stale = true;
    }

    private sealed record ResolveDue
    {
        public static readonly ResolveDue Instance = new();
    }

    private sealed record Resolved(string Name, IReadOnlyList<string> Addresses);
}
