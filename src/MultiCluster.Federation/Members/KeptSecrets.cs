using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>Promise P1 for Secrets: a member whose Secrets must not be read any more keeps those that were known.</summary>
public static class KeptSecrets
{
    /// <param name="before">What was held of the member; null for nothing.</param>
    public static IngressCopy Of(IngressCopy copy, IngressCopy? before) => before is null ? copy : SecretsOf(WithParameters(copy, before), before);

    /// <summary>Likewise what its class says, which may guard it.</summary>
    private static IngressCopy WithParameters(IngressCopy copy, IngressCopy before) =>
        copy.Parameters is { IsRead: false } unread && before.Parameters is { } known && known.Class == unread.Class
            ? copy with { Parameters = unread with { Settings = known.Settings } }
            : copy;

    private static IngressCopy SecretsOf(IngressCopy copy, IngressCopy before) => copy.KnowsSecrets ? copy : copy with
    {
        Secrets = Keep(copy.Secrets, before.Secrets, () => IngressReferences.Of(copy.Ingress).Secrets),
        AnnotationSecrets = Keep(copy.AnnotationSecrets, before.AnnotationSecrets, () => SecretAnnotations.Of(copy)),
    };

    private static EquatableArray<TSecret> Keep<TSecret>(EquatableArray<TSecret> now, EquatableArray<TSecret> before, Func<SortedSet<ObjectKey>> named)
        where TSecret : Resource, IEquatable<TSecret>
    {
        if (before.IsEmpty)
            return now;
        var wanted = named();
        wanted.ExceptWith(now.Select(static secret => secret.Key));
        return now.Concat(before.Where(secret => wanted.Contains(secret.Key))).OrderBy(static secret => secret.Key).ToEquatableArray();
    }
}
