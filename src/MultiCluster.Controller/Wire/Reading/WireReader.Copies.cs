using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public IngressCopy Read(P.IngressCopy copy) => new(
        new MemberName(copy.Member),
        Read(copy.Ingress),
        Enumerator<ClassVerdict>((int)copy.Class),
        EachThere(copy.Secrets, Read),
        Each(copy.Services, Read))
    {
        Federated = copy.Federated is null ? null : Read(copy.Federated),
        HasIngress = !copy.LacksIngress,
    };

    public ServiceCopy Read(P.ServiceCopy copy) => new(
        new MemberName(copy.Member),
        copy.Service is null ? null : Read(copy.Service),
        Each(copy.Slices, Read))
    {
        Access = copy.Access is null ? EndpointAccess.Default : Read(copy.Access),
        Nodes = Each(copy.Nodes, Read),
    };

    public MemberWord Read(P.MemberWord word) => new(
        new MemberName(word.Member), Map(word.Labels), Enumerator<MemberState>((int)word.State), word.Stale, word.StaleReason, Strings(word.Held))
    {
        Origin = word.Origin,
    };
}
