using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public P.IngressCopy Write(IngressCopy copy)
    {
        var wire = new P.IngressCopy
        {
            Member = copy.Member.Value,
            Ingress = Write(copy.Ingress),
            Class = (P.ClassVerdict)((int)copy.Class + 1),
            Federated = copy.Federated is { } federated ? Write(federated) : null,
            LacksIngress = !copy.HasIngress,
            LacksSecrets = !copy.KnowsSecrets,
            IsDefaultCertificate = copy.IsDefaultCertificate,
            HidesIngress = copy.HidesIngress,
        };
        foreach (var secret in copy.Secrets)
            wire.Secrets.Add(Write(secret));
        foreach (var service in copy.Services)
            wire.Services.Add(Write(service));
        foreach (var secret in copy.AnnotationSecrets)
            wire.AnnotationSecrets.Add(Write(secret));
        foreach (var key in copy.Granted)
            wire.Granted.Add(Write(key));
        wire.PodLabels.AddRange(copy.PodLabels);
        if (copy.Parameters is { } parameters)
            wire.Parameters = Write(parameters);
        return wire;
    }

    private static P.ClassParameters Write(ClassParameters parameters)
    {
        var wire = new P.ClassParameters { Class = parameters.Class, Unread = !parameters.IsRead };
        AddTo(wire.Settings, parameters.Settings);
        if (parameters.Missing is { } missing)
            wire.Missing = missing;
        wire.Problems.AddRange(parameters.Problems);
        return wire;
    }

    public static P.ServiceCopy Write(ServiceCopy copy)
    {
        var wire = new P.ServiceCopy
        {
            Member = copy.Member.Value,
            Service = copy.Service is { } service ? Write(service) : null,
            Access = copy.Access == EndpointAccess.Default ? null : Write(copy.Access),
        };
        foreach (var slice in copy.Slices)
            wire.Slices.Add(Write(slice));
        foreach (var node in copy.Nodes)
            wire.Nodes.Add(Write(node));
        return wire;
    }

    public static P.MemberWord Write(MemberWord word)
    {
        var wire = new P.MemberWord { Member = word.Member.Value, State = Write(word.State), Stale = word.IsStale, StaleReason = word.StaleReason, Origin = word.Origin };
        AddTo(wire.Labels, word.Labels);
        wire.Held.AddRange(word.Held);
        AddTo(wire.Footprint, word.Footprint);
        if (word.Settings is { } settings)
            AddTo((wire.Settings = new P.MemberSettings()).Values, settings);
        return wire;
    }

    private static void AddTo(RepeatedField<P.KindCount> field, EquatableArray<KindCount> footprint)
    {
        foreach (var (kind, count, oldest) in footprint)
            field.Add(new P.KindCount { Kind = (P.ResourceKind)((int)kind + 1), Count = count, Oldest = oldest });
    }
}
