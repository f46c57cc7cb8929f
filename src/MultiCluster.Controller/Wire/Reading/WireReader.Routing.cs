using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public FragmentUpdate Read(P.FragmentUpdate update) => new(
        Read(update.Entity), Read(update.Version), update.Fragment is null ? null : Read(update.Fragment));

    public Fragment? Read(P.Fragment fragment) => fragment.KindCase switch
    {
        P.Fragment.KindOneofCase.Ingress => Read(fragment.Ingress),
        P.Fragment.KindOneofCase.Backend => Read(fragment.Backend),
        P.Fragment.KindOneofCase.Member => Read(fragment.Member),
        _ => Fail<Fragment?>("a fragment of an unknown kind", null),
    };

    private Fragment.Ingress Read(P.IngressFragment fragment) => new(
        Read(fragment.Key),
        Each(fragment.Routes, Read),
        EachThere(fragment.Certificates, Read),
        Members(fragment.AcceptedMembers),
        Conditions(fragment.Conditions))
    {
        Traffic = fragment.Traffic is null ? null : Read(fragment.Traffic),
    };

    private Fragment.Backend Read(P.BackendFragment fragment) => new(Read(fragment.Service), Each(fragment.Members, Read))
    {
        Conditions = Conditions(fragment.Conditions),
    };

    private Fragment.Member Read(P.MemberFragment fragment) => new(new MemberName(fragment.Name), Read(fragment.Traits));

    private RouteClaim Read(P.RouteClaim? claim) => claim is null
        ? Fail("a claim is missing", new RouteClaim(default, default, [], default))
        : new(Read(claim.Key), Read(claim.Backend), Members(claim.Members), Read(claim.Rank))
        {
            Policy = Policy(claim), Expression = claim.Expression is { } expression ? new PathExpression(expression.Pattern, expression.Rank) : null,
            IsFurtherName = claim.IsFurtherName,
            When = claim.Condition.IsEmpty ? null : RouteCondition.Read(claim.Condition.Span),
        };

    /// <summary>Without its secrets a policy still holds: nobody has a password that fits none.</summary>
    private RoutePolicy? Policy(P.RouteClaim claim)
    {
        if (claim.Policy.IsEmpty)
            return null;
        var whole = claim.WholePolicy == 0 ? null : Secret(claim.WholePolicy);
        return PolicyJson.Read(whole is null ? claim.Policy.Span : whole.Reveal().Span) ?? Fail<RoutePolicy?>("a policy is no JSON of one", null);
    }

    private TlsClaim? Read(P.TlsClaim claim) => Read(claim.Certificate) is { } certificate
        ? new TlsClaim(claim.Host, certificate, claim.SecretName, Read(claim.Rank))
        : null;

    private Certificate? Read(P.Certificate? certificate)
    {
        if (certificate is null)
            return Fail<Certificate?>("a certificate is missing", null);
        return Secret(certificate.Pem) is { } pem
            ? new Certificate(
                certificate.Fingerprint, pem, Instant(certificate.NotBefore), Instant(certificate.NotAfter), Strings(certificate.DnsNames))
            {
                Others = EachThere(certificate.Others, Read),
            }
            : null;
    }

    private static MemberBackend Read(P.MemberBackend backend) => new(new MemberName(backend.Member), Each(backend.Ports, Read))
    {
        Transport = Read(backend.Transport),
    };

    private static BackendPort Read(P.BackendPort port) => new(port.Name, port.Number, port.AppProtocol, Each(port.Endpoints, Read))
    {
        OfService = Each(port.OfService, Read),
        Unready = Each(port.Unready, static unready => new UnreadyEndpoints(unready.Zone, unready.Count)),
    };

    private static BackendEndpoint Read(P.BackendEndpoint endpoint) =>
        new(endpoint.Address, endpoint.Port, endpoint.Pod, endpoint.Node, endpoint.Zone) { Labels = Map(endpoint.Labels) };

    private RouteKey Read(P.RouteKey? key) => key is null
        ? Fail<RouteKey>("a route's key is missing", default)
        : new(key.Host, key.Path, Enumerator<PathMatch>((int)key.Match));

    private BackendRef Read(P.BackendRef? backend) => backend is null
        ? Fail<BackendRef>("a backend is missing", default)
        : new(Read(backend.Service), new PortRef(backend.HasPortName ? backend.PortName : null, backend.PortNumber));

    private Rank Read(P.Rank? rank) => rank is null
        ? Fail<Rank>("a rank is missing", default)
        : new(rank.HasCreated ? Instant(rank.Created) : null, new MemberName(rank.Member), Read(rank.Ingress));

    /// <summary>
    /// Types of a later version are left out: nothing is routed by conditions, and for an entity's sake none may keep its routes from a node of this
    /// version.
    /// </summary>
    private EquatableArray<CopyCondition> Conditions(RepeatedField<P.CopyCondition> field) =>
        EachThere(field, condition => condition.Condition is { } said && IsOfLaterVersion(said.Type) ? null : Read(condition));

    private static bool IsOfLaterVersion(P.ConditionType type) => (int)type > 0 && !Enum.IsDefined((ConditionType)(int)(type - 1));

    private CopyCondition Read(P.CopyCondition condition) => new(new MemberName(condition.Member), Read(condition.Condition));

    private Condition Read(P.Condition? condition) => condition is null
        ? Fail("a condition is missing", new Condition(ConditionType.Accepted, false, "", ""))
        : new(Enumerator<ConditionType>((int)condition.Type), condition.Status, condition.Reason, condition.Message) { Details = Strings(condition.Details) };
}
