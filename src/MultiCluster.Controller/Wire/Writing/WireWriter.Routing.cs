using Google.Protobuf;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public P.FragmentUpdate Write(FragmentUpdate update) => new()
    {
        Entity = Write(update.Entity),
        Version = Write(update.Version),
        Fragment = update.Fragment is { } fragment ? Write(fragment) : null,
    };

    public P.Fragment Write(Fragment fragment) => fragment switch
    {
        Fragment.Ingress ingress => new P.Fragment { Ingress = Write(ingress) },
        Fragment.Backend backend => new P.Fragment { Backend = Write(backend) },
        Fragment.Member member => new P.Fragment { Member = Write(member) },
        _ => throw new InvalidOperationException($"{fragment.GetType()} has no form on the wire."),
    };

    private P.IngressFragment Write(Fragment.Ingress fragment)
    {
        var wire = new P.IngressFragment { Key = Write(fragment.Key), Traffic = fragment.Traffic is { } traffic ? Write(traffic) : null };
        foreach (var claim in fragment.Routes)
            wire.Routes.Add(Write(claim));
        foreach (var claim in fragment.Certificates)
            wire.Certificates.Add(Write(claim));
        AddTo(wire.AcceptedMembers, fragment.AcceptedMembers);
        foreach (var condition in fragment.Conditions)
            wire.Conditions.Add(Write(condition));
        return wire;
    }

    private static P.BackendFragment Write(Fragment.Backend fragment)
    {
        var wire = new P.BackendFragment { Service = Write(fragment.Service) };
        foreach (var member in fragment.Members)
            wire.Members.Add(Write(member));
        foreach (var condition in fragment.Conditions)
            wire.Conditions.Add(Write(condition));
        return wire;
    }

    private static P.MemberFragment Write(Fragment.Member fragment) => new() { Name = fragment.Name.Value, Traits = Write(fragment.Traits) };

    private P.RouteClaim Write(RouteClaim claim)
    {
        var wire = WriteOpen(claim);
        if (claim.Policy is { } policy && policy.Redacted() != policy)
            wire.WholePolicy = Place(new Secret(PolicyJson.Write(policy)));
        return wire;
    }

    /// <summary>Without what is secret in its policy.</summary>
    private static P.RouteClaim WriteOpen(RouteClaim claim)
    {
        var wire = new P.RouteClaim { Key = Write(claim.Key), Backend = Write(claim.Backend), Rank = Write(claim.Rank), IsFurtherName = claim.IsFurtherName };
        AddTo(wire.Members, claim.Members);
        if (claim.Expression is { } expression)
            wire.Expression = new P.PathExpression { Pattern = expression.Pattern, Rank = expression.Rank };
        if (claim.Policy is { } policy)
            wire.Policy = ByteString.CopyFrom(PolicyJson.Write(policy.Redacted()));
        if (claim.When is { } condition)
            wire.Condition = ByteString.CopyFrom(condition.Write());
        return wire;
    }

    private P.TlsClaim Write(TlsClaim claim) => new()
    {
        Host = claim.Host,
        Certificate = Write(claim.Certificate),
        SecretName = claim.SecretName,
        Rank = Write(claim.Rank),
    };

    private P.Certificate Write(Certificate certificate)
    {
        var wire = new P.Certificate
        {
            Fingerprint = certificate.Fingerprint,
            Pem = Place(certificate.Pem),
            NotBefore = Ticks(certificate.NotBefore),
            NotAfter = Ticks(certificate.NotAfter),
        };
        wire.DnsNames.AddRange(certificate.DnsNames);
        foreach (var other in certificate.Others)
            wire.Others.Add(Write(other));
        return wire;
    }

    private static P.MemberBackend Write(MemberBackend backend)
    {
        var wire = new P.MemberBackend { Member = backend.Member.Value, Transport = Write(backend.Transport) };
        foreach (var port in backend.Ports)
            wire.Ports.Add(Write(port));
        return wire;
    }

    private static P.BackendPort Write(BackendPort port)
    {
        var wire = new P.BackendPort { Name = port.Name, Number = port.Number, AppProtocol = port.AppProtocol };
        foreach (var endpoint in port.Endpoints)
            wire.Endpoints.Add(Write(endpoint));
        foreach (var unready in port.Unready)
            wire.Unready.Add(new P.UnreadyEndpoints { Zone = unready.Zone, Count = unready.Count });
        foreach (var endpoint in port.OfService)
            wire.OfService.Add(Write(endpoint));
        return wire;
    }

    private static P.BackendEndpoint Write(BackendEndpoint endpoint)
    {
        var wire = new P.BackendEndpoint { Address = endpoint.Address, Port = endpoint.Port, Pod = endpoint.Pod, Node = endpoint.Node, Zone = endpoint.Zone };
        AddTo(wire.Labels, endpoint.Labels);
        return wire;
    }

    private static P.RouteKey Write(RouteKey key) => new() { Host = key.Host, Path = key.Path, Match = (P.PathMatch)((int)key.Match + 1) };

    private static P.BackendRef Write(BackendRef backend)
    {
        var wire = new P.BackendRef { Service = Write(backend.Service), PortNumber = backend.Port.Number };
        if (backend.Port.Name is { } name)
            wire.PortName = name;
        return wire;
    }

    private static P.Rank Write(Rank rank)
    {
        var wire = new P.Rank { Member = rank.Member.Value, Ingress = Write(rank.Ingress) };
        if (rank.Created is { } created)
            wire.Created = Ticks(created);
        return wire;
    }

    private static P.CopyCondition Write(CopyCondition condition) => new() { Member = condition.Member.Value, Condition = Write(condition.Condition) };

    private static P.Condition Write(Condition condition)
    {
        var wire = new P.Condition
        {
            Type = (P.ConditionType)((int)condition.Type + 1),
            Status = condition.Status,
            Reason = condition.Reason,
            Message = condition.Message,
        };
        wire.Details.AddRange(condition.Details);
        return wire;
    }
}
