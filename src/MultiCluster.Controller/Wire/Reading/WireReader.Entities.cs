using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public EntityProtocol.ConflictsChanged Read(P.ConflictsChanged changed) => new(Each(changed.Conflicts, Read));

    public EntityProtocol.IngressState Read(P.IngressState state) => new(
        Read(state.Key), state.Fragment is null ? null : Read(state.Fragment), Each(state.Conditions, Read));

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
        status.HasLastEvent ? Instant(status.LastEvent) : null);

    public EntityRecord? Read(P.EntityRecord record) => record.KindCase switch
    {
        P.EntityRecord.KindOneofCase.Ingress => new EntityRecord.Ingress(
            Read(record.Ingress.Key),
            Each(record.Ingress.Copies, Read),
            record.Ingress.Fragment is null ? null : Read(record.Ingress.Fragment)),
        P.EntityRecord.KindOneofCase.Backend => new EntityRecord.Backend(
            Read(record.Backend.Key),
            Each(record.Backend.Copies, Read),
            Each(record.Backend.Resolved, static name => new ResolvedName(name.Name, Strings(name.Addresses))),
            record.Backend.Fragment is null ? null : Read(record.Backend.Fragment)),
        _ => Fail<EntityRecord?>("a record of an unknown kind", null),
    };
}
