using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller.Leases;

/// <summary>Lease objects of records, and back. A record is in annotations; the spec is for people and never read.</summary>
internal sealed class LeaseMapping(string cluster, string inNamespace, TimeSpan ttl, TimeProvider time)
{
    public const string ClusterLabel = "multicluster-ingress.github.io/cluster";
    public const string ManagerLabel = "app.kubernetes.io/managed-by";
    public const string Manager = "multicluster";
    public const string KeyAnnotation = "multicluster-ingress.github.io/key";
    public const string ValueAnnotation = "multicluster-ingress.github.io/value";
    public const string StampAnnotation = "multicluster-ingress.github.io/stamp";

    private readonly EquatableMap _labels = EquatableMap.From([new(ManagerLabel, Manager), new(ClusterLabel, cluster)]);

    /// <summary>Selects what <see cref="IsListed"/>.</summary>
    public string Selector { get; } = $"{ClusterLabel}={cluster}";

    public string NameOf(string key) => LeaseNames.Of(cluster, key);

    /// <param name="expected">Null for an object to be created.</param>
    public LeaseObject ToObject(string key, string value, string stamp, LeaseVersion? expected = null)
    {
        var meta = new ObjectMeta(new ObjectKey(inNamespace, NameOf(key)))
        {
            Uid = expected?.Uid ?? "",
            ResourceVersion = expected?.ResourceVersion ?? "",
            Labels = _labels,
            Annotations = EquatableMap.From([new(KeyAnnotation, key), new(StampAnnotation, stamp), new(ValueAnnotation, value)]),
        };
        return new LeaseObject(meta) { Spec = LeaseForPeople.Of(value, ttl, time.GetUtcNow()) };
    }

    /// <summary>
    /// An object of ours whose value somebody removed is a record without a value: nobody understands it, so nobody takes what it stands for, whereas a
    /// missing record would be anybody's.
    /// </summary>
    public static LeaseRecord ToRecord(string key, LeaseObject lease) =>
        new(key, lease.Meta.Annotations.Find(ValueAnnotation) ?? "", LeaseVersion.Of(lease).ToString());

    /// <returns>Null when the object can't be told to be a record of ours.</returns>
    public string? KeyOf(LeaseObject lease) => LeaseNames.KeyOf(cluster, lease.Meta.Key.Name, lease.Meta.Annotations.Find(KeyAnnotation));

    public bool IsListed(LeaseObject lease) => lease.Meta.Labels.Find(ClusterLabel) == cluster;

    /// <summary>Whether it was written here, whatever became of its labels.</summary>
    public static bool IsOurs(LeaseObject lease, string key) => lease.Meta.Annotations.Find(KeyAnnotation) == key;

    public LeaseObject Relabelled(LeaseObject lease) => lease with { Meta = lease.Meta with { Labels = _labels } };
}
