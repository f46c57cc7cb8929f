using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>More than half of a kind is gone, or a part of it from a server that has forgotten all; for what is counted, see <see cref="Model.Members.KindCount"/>.</summary>
public readonly record struct KindLoss(ResourceKind Kind, long Had, long Has)
{
    public override string ToString() => $"{Had - Has} of {Had} {Unit} of kind {Kind}";

    private string Unit => Kind switch
    {
        ResourceKind.Ingress => "routes",
        ResourceKind.EndpointSlice => "endpoints",
        _ => "objects",
    };
}
