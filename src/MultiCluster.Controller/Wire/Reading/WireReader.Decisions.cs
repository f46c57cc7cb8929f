using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public Decision? Read(P.Decision decision)
    {
        var cause = Read(decision.Cause);
        return decision.KindCase switch
        {
            P.Decision.KindOneofCase.RouteAdded => new Decision.RouteAdded(cause, Read(decision.RouteAdded.Claim)),
            P.Decision.KindOneofCase.RouteRemoved => new Decision.RouteRemoved(cause, Read(decision.RouteRemoved.Key)),
            P.Decision.KindOneofCase.BackendChanged => Read(cause, decision.BackendChanged),
            P.Decision.KindOneofCase.CertificateChanged => Read(cause, decision.CertificateChanged),
            P.Decision.KindOneofCase.ConditionsChanged => new Decision.ConditionsChanged(
                cause, Members(decision.ConditionsChanged.AcceptedMembers), Conditions(decision.ConditionsChanged.Conditions)),
            P.Decision.KindOneofCase.ConflictRaised => new Decision.ConflictRaised(cause, Read(decision.ConflictRaised.Conflict)),
            P.Decision.KindOneofCase.ConflictCleared => new Decision.ConflictCleared(cause, decision.ConflictCleared.Reason),
            P.Decision.KindOneofCase.EntityGone => new Decision.EntityGone(cause),
            P.Decision.KindOneofCase.TrafficChanged => new Decision.TrafficChanged(
                cause, decision.TrafficChanged.Traffic is { } traffic ? Read(traffic) : null),
            P.Decision.KindOneofCase.MemberChanged => new Decision.MemberChanged(
                cause, new MemberName(decision.MemberChanged.Member), decision.MemberChanged.Traits is { } traits ? Read(traits) : null),

            // Stored by versions that knew nothing else of a member.
            P.Decision.KindOneofCase.MemberDrained => new Decision.MemberChanged(
                cause, new MemberName(decision.MemberDrained.Member), new MemberTraits(MemberState.Drain)),
            P.Decision.KindOneofCase.MemberUndrained => new Decision.MemberChanged(cause, new MemberName(decision.MemberUndrained.Member), MemberTraits.Default),
            _ => Fail<Decision?>("a decision of an unknown kind", null),
        };
    }

    private static Decision.BackendChanged Read(Cause cause, P.BackendChanged changed) =>
        new(cause, new MemberName(changed.Member), changed.Backend is null ? null : Read(changed.Backend));

    private Decision.CertificateChanged Read(Cause cause, P.CertificateChanged changed) => new(
        cause,
        changed.Host,
        changed.Certificate is not { } facts ? null : new CertificateFacts(
            facts.Fingerprint, Instant(facts.NotBefore), Instant(facts.NotAfter), Strings(facts.DnsNames), facts.SecretName, Read(facts.Rank)));

    private Cause Read(P.Cause? cause) => cause is null
        ? Fail("a cause is missing", new Cause(CauseKind.Recovery, null))
        : new Cause(
            Enumerator<CauseKind>((int)cause.Kind),
            cause.Object is not { } source ? null : new ObjectReference(
                new MemberName(source.Member), Enumerator<ResourceKind>((int)source.Kind), Read(source.Key), source.Uid, source.ResourceVersion),
            cause.Note);
}
