using MultiCluster.Actors;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Routing;

/// <summary>
/// Who hears of a table. It outlives the actor's incarnations: nobody subscribes twice, and one that starts anew after a failure has to
/// tell everybody.
/// </summary>
public sealed class Audience
{
    private readonly Dictionary<ObjectKey, IActorRef> _owners = [];
    private readonly Dictionary<IActorRef, ObjectKey> _owned = [];

    public HashSet<IActorRef> Subscribers { get; } = [];

    /// <summary>They take rows, for proxies elsewhere.</summary>
    public HashSet<IActorRef> Hubs { get; } = [];

    /// <summary>They hear of members.</summary>
    public HashSet<IActorRef> MemberWatchers { get; } = [];

    /// <summary>Ingresses that live on this node.</summary>
    public IReadOnlyDictionary<ObjectKey, IActorRef> Owners => _owners;

    public void Add(ObjectKey ingress, IActorRef owner)
    {
        if (_owners.TryGetValue(ingress, out var before))
            _owned.Remove(before);
        _owners[ingress] = owner;
        _owned[owner] = ingress;
    }

    public void Remove(IActorRef gone)
    {
        Subscribers.Remove(gone);
        Hubs.Remove(gone);
        MemberWatchers.Remove(gone);
        if (_owned.Remove(gone, out var ingress) && _owners.GetValueOrDefault(ingress) == gone)
            _owners.Remove(ingress);
    }
}
