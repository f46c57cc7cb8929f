using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The copies of one Ingress in all members as one. Total: whatever is in a copy, the outcome is a fragment that serves what
/// is valid and conditions that name the rest.
/// </summary>
public static class IngressFederation
{
    /// <summary>Null when no member has the Ingress. The order of <paramref name="copies"/> makes no difference.</summary>
    /// <param name="now">Decides which certificates are valid; see <see cref="NextCertificateChange"/>.</param>
    public static Fragment.Ingress? Merge(
        ObjectKey key, IReadOnlyCollection<IngressCopy> copies, DateTimeOffset now, CertificateCache? certificates = null)
    {
        if (copies.Count == 0)
            return null;
        var judged = copies.Select(copy => JudgedCopy.Judge(key, copy, now, certificates)).OrderBy(static copy => copy.Rank).ToList();
        var union = CopyUnion.Of(judged, now);
        var anyOurs = judged.Exists(static copy => copy.Routes is not null);
        return new Fragment.Ingress(
            key,
            union.Routes,
            union.Certificates,
            judged.Where(static copy => copy.IsAccepted).Select(static copy => copy.Member).Order().ToEquatableArray(),
            judged.OrderBy(static copy => copy.Member).SelectMany(copy => CopyConditions.Of(key, copy, anyOurs, union.Conflicts)).ToEquatableArray());
    }

    /// <summary>
    /// When a certificate of the copies next begins or ceases to be valid, and a merge may give another result; null for never.
    /// </summary>
    public static DateTimeOffset? NextCertificateChange(
        IReadOnlyCollection<IngressCopy> copies, DateTimeOffset now, CertificateCache? certificates = null)
    {
        DateTimeOffset? next = null;
        foreach (var secret in copies.SelectMany(static copy => copy.Secrets))
        {
            if (CertificateCache.Read(secret, certificates) is not CertificateReading.Valid valid)
                continue;
            next = Earliest(next, valid.Certificate.NotBefore, now);
            next = Earliest(next, valid.Certificate.NotAfter, now);
        }

        return next;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? known, DateTimeOffset candidate, DateTimeOffset now) =>
        candidate > now && (known is null || candidate < known) ? candidate : known;
}
