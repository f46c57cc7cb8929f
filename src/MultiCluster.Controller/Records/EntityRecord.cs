using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Records;

/// <summary>
/// All that a new owner of an entity needs: each member's copy and what was published from them. It is the payload of the replicated
/// table, so that an owner can be replaced while members are down, and the content of snapshots.
/// </summary>
public abstract record EntityRecord
{
    private EntityRecord()
    {
    }

    public abstract EntityId Entity { get; }

    public abstract Fragment? Published { get; }

    /// <param name="Copies">By member.</param>
    /// <param name="Fragment">Null when nothing of it is published.</param>
    public sealed record Ingress(ObjectKey Key, EquatableArray<IngressCopy> Copies, Fragment.Ingress? Fragment) : EntityRecord
    {
        /// <summary>By member; also of members whose copy is gone, which may come back.</summary>
        public EquatableArray<RecordedRank> Ranks { get; init; } = [];

        public override EntityId Entity => EntityId.Ingress(Key);

        public override Fragment? Published => Fragment;
    }

    /// <param name="Copies">By member.</param>
    /// <param name="Resolved">Last known addresses of ExternalName Services, which a DNS failure must not take away.</param>
    /// <param name="Fragment">Null when nothing of it is published.</param>
    public sealed record Backend(
        ObjectKey Key,
        EquatableArray<ServiceCopy> Copies,
        EquatableArray<ResolvedName> Resolved,
        Fragment.Backend? Fragment) : EntityRecord
    {
        public override EntityId Entity => EntityId.Backend(Key);

        public override Fragment? Published => Fragment;
    }

    /// <param name="Copies">By member: what the member's watcher says, at most one.</param>
    /// <param name="Fragment">Null when nothing of it is published.</param>
    public sealed record Member(MemberName Name, EquatableArray<MemberWord> Copies, MemberOrders Orders, Fragment.Member? Fragment) : EntityRecord
    {
        public override EntityId Entity => EntityId.Member(Name);

        public override Fragment? Published => Fragment;
    }
}

public sealed record ResolvedName(string Name, EquatableArray<string> Addresses);
