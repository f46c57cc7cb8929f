using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Routing;

public enum EntityKind
{
    Ingress,
    Backend,

    /// <summary>One member, under a key without namespace.</summary>
    Member,
}

/// <summary>Identity of a sharded entity: one federated ingress or one federated backend.</summary>
public readonly record struct EntityId(EntityKind Kind, ObjectKey Key)
{
    public static EntityId Ingress(ObjectKey key) => new(EntityKind.Ingress, key);

    public static EntityId Backend(ObjectKey key) => new(EntityKind.Backend, key);

    public static EntityId Member(MemberName name) => new(EntityKind.Member, new ObjectKey("", name.Value));

    public override string ToString() => Kind switch
    {
        EntityKind.Ingress => $"ingress/{Key}",
        EntityKind.Backend => $"backend/{Key}",
        _ => $"cluster/{Key}",
    };
}

/// <summary>Order of what one entity publishes: the owner's epoch first, then its own count.</summary>
public readonly record struct FragmentVersion(long Epoch, long Version) : IComparable<FragmentVersion>
{
    public int CompareTo(FragmentVersion other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Version.CompareTo(other.Version);

    public override string ToString() => $"{Epoch}.{Version}";

    public static bool operator <(FragmentVersion left, FragmentVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(FragmentVersion left, FragmentVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(FragmentVersion left, FragmentVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FragmentVersion left, FragmentVersion right) => left.CompareTo(right) >= 0;
}

/// <summary>What an entity publishes.</summary>
public abstract record Fragment
{
    private Fragment()
    {
    }

    /// <param name="AcceptedMembers">Members whose copy is of our class and well-formed; sorted.</param>
    /// <param name="Conditions">Of each copy, before arbitration with other ingresses.</param>
    public sealed record Ingress(
        ObjectKey Key,
        EquatableArray<RouteClaim> Routes,
        EquatableArray<TlsClaim> Certificates,
        EquatableArray<MemberName> AcceptedMembers,
        EquatableArray<CopyCondition> Conditions) : Fragment
    {
        /// <summary>Null: requests are spread over the endpoints of all members alike.</summary>
        public TrafficPolicy? Traffic { get; init; }
    }

    /// <param name="Members">Sorted by name; a member without this Service is absent.</param>
    public sealed record Backend(ObjectKey Service, EquatableArray<MemberBackend> Members) : Fragment
    {
        /// <summary>What of the Service and its EndpointSlices could not be used; not part of routing.</summary>
        public EquatableArray<CopyCondition> Conditions { get; init; } = [];
    }

    public sealed record Member(MemberName Name, MemberTraits Traits) : Fragment;
}

/// <summary>A row of the replicated route table; a null fragment is a tombstone.</summary>
public sealed record FragmentUpdate(EntityId Entity, FragmentVersion Version, Fragment? Fragment);
