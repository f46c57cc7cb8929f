using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Routing;

/// <summary>What is published of members, for those who have to know more than which routes there are.</summary>
public sealed partial class RouteTable
{
    private void OnWatchMembers(IActorRef watcher)
    {
        ApplyPending();
        settings.Audience.MemberWatchers.Add(watcher);
        Context.Watch(watcher);
        watcher.Tell(new EntityProtocol.MembersChanged(Traits()), Self);
    }

    private ImmutableSortedDictionary<MemberName, MemberTraits> Traits() => _table.Members.ToImmutableSortedDictionary();

    private void TellMembers()
    {
        var changed = new EntityProtocol.MembersChanged(Traits());
        foreach (var listener in settings.Audience.MemberWatchers.Concat(settings.Audience.Owners.Values))
            listener.Tell(changed, Self);
    }
}
