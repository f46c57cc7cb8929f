using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Controller.Leases;

/// <summary>
/// What a record's version is made of. The uid tells an object from one created anew under its name; the stamp, random with each of our writes, tells
/// it from one at the same resource version after etcd was set back to an old backup, and makes every write a change.
/// </summary>
internal readonly record struct LeaseVersion(string ResourceVersion, string Uid, string Stamp)
{
    private const char Separator = '/';

    public static LeaseVersion Of(LeaseObject lease) =>
        new(lease.Meta.ResourceVersion, lease.Meta.Uid, lease.Meta.Annotations.Find(LeaseMapping.StampAnnotation) ?? "");

    public static string NewStamp() => Guid.NewGuid().ToString("N");

    public static bool TryParse(string text, out LeaseVersion version)
    {
        version = text.Split(Separator) is [{ Length: > 0 } resourceVersion, { Length: > 0 } uid, var stamp]
            ? new LeaseVersion(resourceVersion, uid, stamp)
            : default;
        return version != default;
    }

    public override string ToString() => $"{ResourceVersion}{Separator}{Uid}{Separator}{Stamp}";
}
