using MultiCluster.Controller.Records;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

/// <summary>Static, so that no secret can get in here.</summary>
internal sealed partial class WireWriter
{
    public static P.Decision Write(Decision decision)
    {
        var wire = new P.Decision { Cause = Write(decision.Cause) };
        switch (decision)
        {
            case Decision.RouteAdded added:
                wire.RouteAdded = new P.RouteAdded { Claim = WriteOpen(added.Claim) };
                break;
            case Decision.RouteRemoved removed:
                wire.RouteRemoved = new P.RouteRemoved { Key = Write(removed.Key) };
                break;
            case Decision.BackendChanged changed:
                wire.BackendChanged = new P.BackendChanged { Member = changed.Member.Value, Backend = changed.Backend is { } backend ? Write(backend) : null };
                break;
            case Decision.CertificateChanged changed:
                wire.CertificateChanged = new P.CertificateChanged { Host = changed.Host, Certificate = changed.Certificate is { } facts ? Write(facts) : null };
                break;
            case Decision.ConditionsChanged changed:
                wire.ConditionsChanged = Write(changed);
                break;
            case Decision.ConflictRaised raised:
                wire.ConflictRaised = new P.ConflictRaised { Conflict = Write(raised.Conflict) };
                break;
            case Decision.ConflictCleared cleared:
                wire.ConflictCleared = new P.ConflictCleared { Reason = cleared.Reason };
                break;
            case Decision.EntityGone:
                wire.EntityGone = new P.EntityGone();
                break;
            case Decision.TrafficChanged changed:
                wire.TrafficChanged = new P.TrafficChanged { Traffic = changed.Traffic is { } traffic ? Write(traffic) : null };
                break;
            case Decision.MemberChanged changed:
                wire.MemberChanged = new P.MemberChanged { Member = changed.Member.Value, Traits = changed.Traits is { } traits ? Write(traits) : null };
                break;
            default:
                throw new InvalidOperationException($"{decision.GetType()} has no form on the wire.");
        }

        return wire;
    }

    private static P.Cause Write(Cause cause) => new()
    {
        Kind = (P.CauseKind)((int)cause.Kind + 1),
        Note = cause.Note,
        Object = cause.Object is { } source
            ? new P.ObjectReference
            {
                Member = source.Member.Value,
                Kind = (P.ResourceKind)((int)source.Kind + 1),
                Key = Write(source.Key),
                Uid = source.Uid,
                ResourceVersion = source.ResourceVersion,
            }
            : null,
    };

    private static P.CertificateFacts Write(CertificateFacts facts)
    {
        var wire = new P.CertificateFacts
        {
            Fingerprint = facts.Fingerprint,
            NotBefore = Ticks(facts.NotBefore),
            NotAfter = Ticks(facts.NotAfter),
            SecretName = facts.SecretName,
            Rank = Write(facts.Rank),
        };
        wire.DnsNames.AddRange(facts.DnsNames);
        return wire;
    }

    private static P.ConditionsChanged Write(Decision.ConditionsChanged changed)
    {
        var wire = new P.ConditionsChanged();
        AddTo(wire.AcceptedMembers, changed.Accepted);
        foreach (var condition in changed.Conditions)
            wire.Conditions.Add(Write(condition));
        return wire;
    }
}
