using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
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
        KnowsSecrets = !copy.LacksSecrets,
        IsDefaultCertificate = copy.IsDefaultCertificate,
        HidesIngress = copy.HidesIngress,
        AnnotationSecrets = EachThere(copy.AnnotationSecrets, Read),
        Granted = Each(copy.Granted, Read),
        PodLabels = Strings(copy.PodLabels),
        Parameters = copy.Parameters is { } parameters
            ? new ClassParameters(parameters.Class, Map(parameters.Settings), !parameters.Unread, parameters.HasMissing ? parameters.Missing : null, Strings(parameters.Problems))
            : null,
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
        Footprint = Footprint(word.Footprint),
        Settings = word.Settings is { } settings ? Map(settings.Values) : null,
    };

    /// <summary>A kind of a later version is not read here, so that nobody will ask how much of it there was.</summary>
    private static EquatableArray<KindCount> Footprint(RepeatedField<P.KindCount> field) =>
    [
        .. field.Where(static count => count.Kind != P.ResourceKind.Unspecified && Enum.IsDefined((ResourceKind)(int)(count.Kind - 1)))
            .Select(static count => new KindCount((ResourceKind)(int)(count.Kind - 1), Math.Max(0, count.Count), count.Oldest)),
    ];
}
