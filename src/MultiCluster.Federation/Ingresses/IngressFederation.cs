using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

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
        ObjectKey key, IReadOnlyCollection<IngressCopy> copies, DateTimeOffset now, CertificateCache? certificates = null) =>
        Merge(key, copies, now, FederationContext.Default, [], certificates).Fragment;

    /// <param name="ranks">As the merge before returned them.</param>
    /// <param name="before">The policy of the merge before: it goes on while what is written now is wrong in part.</param>
    public static IngressMerge Merge(
        ObjectKey key,
        IReadOnlyCollection<IngressCopy> copies,
        DateTimeOffset now,
        FederationContext context,
        EquatableArray<RecordedRank> ranks,
        CertificateCache? certificates = null,
        TrafficPolicy? before = null)
    {
        IngressCopy[] present = [.. copies.Where(copy => !context.IsRemoved(copy.Member)).OrderBy(static copy => copy.Member)];
        if (present.Length == 0)
            return IngressMerge.Nothing;
        var (judged, rules, union, policies, steering, conditions) = Judgement.Of(key, present, now, context, ranks, certificates, before);
        var plan = rules.Plan;
        var fragment = new Fragment.Ingress(
            key,
            steering.Routes.Select(policies.Apply).ToEquatableArray(),
            union.Certificates,
            judged.Where(static copy => copy.IsAccepted).Select(static copy => copy.Member).Order().ToEquatableArray(),
            judged.OrderBy(static copy => copy.Member).SelectMany(conditions.Of).ToEquatableArray())
        {
            Traffic = steering.Traffic,
        };
        return new IngressMerge(
            fragment, rules.Ranks.Records, Earlier(NextCertificateChange(present, now, certificates), steering.Expiry.NextChange))
        {
            Home = plan?.Home,
            FederatedConditions = plan is null
                ? []
                : conditions.OfFederated(judged.First(copy => copy.Member == plan.Home)).ToEquatableArray(),
        };
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
            foreach (var certificate in valid.Others.Prepend(valid).Select(static part => part.Certificate))
            {
                next = Earliest(next, certificate.NotBefore, now);
                next = Earliest(next, certificate.NotAfter, now);
            }
        }

        return next;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? known, DateTimeOffset candidate, DateTimeOffset now) =>
        candidate > now && (known is null || candidate < known) ? candidate : known;

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right ?? left : left;
}
