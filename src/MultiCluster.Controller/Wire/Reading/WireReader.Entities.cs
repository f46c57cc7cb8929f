using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Routing;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public EntityProtocol.ConflictsChanged Read(P.ConflictsChanged changed) => new(
        EachThere(changed.Conflicts, conflict => IsOfLaterVersion(conflict.Type) ? null : Read(conflict)));

    public EntityProtocol.IngressState Read(P.IngressState state) => new(
        Read(state.Key), state.Fragment is null ? null : Read(state.Fragment), Conditions(state.Conditions));

    public static MemberProtocol.MemberSynced Read(P.MemberSynced synced) => new(new MemberName(synced.Member));

    public MemberProtocol.MemberStatus Read(P.MemberStatus status) => new(
        new MemberName(status.Member),
        status.Source,
        status.Complete,
        Each(status.Stale, stale => new StaleKind(Enumerator<ResourceKind>((int)stale.Kind), stale.Reason)),
        Strings(status.Problems),
        status.Ingresses,
        status.Services,
        status.Endpoints,
        status.HasLastEvent ? Instant(status.LastEvent) : null)
    {
        Behind = status.HasBehind ? Duration(status.Behind) : null,
        Held = Strings(status.Held),
        CredentialProblem = status.HasCredentialProblem ? status.CredentialProblem : null,
    };

    public EntityRecord? Read(P.EntityRecord record) => record.KindCase switch
    {
        P.EntityRecord.KindOneofCase.Ingress => new EntityRecord.Ingress(
            Read(record.Ingress.Key),
            Each(record.Ingress.Copies, Read),
            record.Ingress.Fragment is null ? null : Read(record.Ingress.Fragment))
        {
            Ranks = Each(record.Ingress.Ranks, rank => new RecordedRank(new MemberName(rank.Member), rank.HasCreated ? Instant(rank.Created) : null)),
        },
        P.EntityRecord.KindOneofCase.Backend => new EntityRecord.Backend(
            Read(record.Backend.Key),
            Each(record.Backend.Copies, Read),
            Each(record.Backend.Resolved, static name => new ResolvedName(name.Name, Strings(name.Addresses))),
            record.Backend.Fragment is null ? null : Read(record.Backend.Fragment)),
        P.EntityRecord.KindOneofCase.Member => new EntityRecord.Member(
            new MemberName(record.Member.Name),
            Each(record.Member.Copies, Read),
            Read(record.Member.Orders),
            record.Member.Fragment is null ? null : Read(record.Member.Fragment)),
        _ => Fail<EntityRecord?>("a record of an unknown kind", null),
    };

    private MemberOrders Read(P.MemberOrders? orders) => orders is null
        ? MemberOrders.None
        : new MemberOrders(orders.State == P.MemberState.Unspecified ? null : Enumerator<MemberState>((int)orders.State), orders.Removed)
        {
            IsLeaving = orders.Leaving,
            Origin = orders.Origin,
        };
}
