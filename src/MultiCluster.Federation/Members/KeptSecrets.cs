using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;

namespace MultiCluster.Federation.Members;

/// <summary>Promise P1 for certificates: a member whose Secrets must not be read any more keeps those that were known.</summary>
public static class KeptSecrets
{
    /// <param name="before">What was held of the member; null for nothing.</param>
    public static IngressCopy Of(IngressCopy copy, IngressCopy? before)
    {
        if (copy.KnowsSecrets || before is null || before.Secrets.IsEmpty)
            return copy;
        var wanted = IngressReferences.Of(copy.Ingress).Secrets;
        var known = copy.Secrets.Select(static secret => secret.Key).ToHashSet();
        return copy with
        {
            Secrets = copy.Secrets.Concat(before.Secrets.Where(secret => wanted.Contains(secret.Key) && !known.Contains(secret.Key)))
                .OrderBy(static secret => secret.Key).ToEquatableArray(),
        };
    }
}
