using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

public sealed partial class MemberView
{
    /// <summary>Where it must not be read, Ingresses do without.</summary>
    private static bool IsDispensable(ResourceKind kind) => kind is ResourceKind.Secret or ResourceKind.ReferenceGrant or ResourceKind.Pod;

    /// <summary>What lacked Secrets is to be looked at again.</summary>
    private void MarkBlind() => _dirtyIngresses.UnionWith(_ingressCopies.Where(static item => !item.Value.KnowsSecrets).Select(static item => item.Key));

    /// <summary>One that is not here may have come since they may not be read any more.</summary>
    private bool KnowsSecrets(SortedSet<ObjectKey> certificates, SortedSet<ObjectKey> annotated)
    {
        if (certificates.Count + annotated.Count == 0)
            return true;
        return Lists(ResourceKind.Secret) && (!_refused.Contains(ResourceKind.Secret)
            || (certificates.All(key => _secrets.FindTls(key) is not null) && annotated.All(key => _secrets.Find(key) is not null)));
    }
}
