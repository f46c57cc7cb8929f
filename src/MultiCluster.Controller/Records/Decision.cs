using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Records;

/// <summary>
/// An event of the journal: what an owner decided, and why. Each holds the whole new value of one thing, so that a lost event costs only
/// itself; folded in order they give what was published at any moment, without private keys, which no type in here can hold.
/// </summary>
public abstract record Decision
{
    private Decision(Cause cause) => Cause = cause;

    public Cause Cause { get; }

    // Of an ingress

    /// <summary>The ingress claims a route, anew or with another backend, other members or another rank.</summary>
    public sealed record RouteAdded(Cause Cause, RouteClaim Claim) : Decision(Cause);

    public sealed record RouteRemoved(Cause Cause, RouteKey Key) : Decision(Cause);

    /// <param name="Certificate">Null: no certificate for this host any more.</param>
    public sealed record CertificateChanged(Cause Cause, string Host, CertificateFacts? Certificate) : Decision(Cause);

    /// <param name="Traffic">Null: requests are spread over the endpoints of all members alike.</param>
    public sealed record TrafficChanged(Cause Cause, TrafficPolicy? Traffic) : Decision(Cause);

    /// <summary>The ingress lost a claim to another ingress.</summary>
    public sealed record ConflictRaised(Cause Cause, Condition Conflict) : Decision(Cause);

    /// <param name="Reason">Of the condition that is over.</param>
    public sealed record ConflictCleared(Cause Cause, string Reason) : Decision(Cause);

    // Of a backend

    /// <param name="Backend">Null: the member has none any more.</param>
    public sealed record BackendChanged(Cause Cause, MemberName Member, MemberBackend? Backend) : Decision(Cause);

    // Of an ingress or a backend

    /// <param name="Accepted">Empty for a backend.</param>
    public sealed record ConditionsChanged(Cause Cause, EquatableArray<MemberName> Accepted, EquatableArray<CopyCondition> Conditions) : Decision(Cause);

    // Of each

    /// <summary>No member has it any more.</summary>
    public sealed record EntityGone(Cause Cause) : Decision(Cause);

    // Of a member

    /// <param name="Traits">Null: nothing is known of it any more.</param>
    public sealed record MemberChanged(Cause Cause, MemberName Member, MemberTraits? Traits) : Decision(Cause);
}

/// <summary>What may be told of a certificate: all but its bytes.</summary>
public sealed record CertificateFacts(
    string Fingerprint,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    EquatableArray<string> DnsNames,
    string SecretName,
    Rank Rank)
{
    public static CertificateFacts Of(TlsClaim claim) => new(
        claim.Certificate.Fingerprint, claim.Certificate.NotBefore, claim.Certificate.NotAfter, claim.Certificate.DnsNames, claim.SecretName, claim.Rank);
}
