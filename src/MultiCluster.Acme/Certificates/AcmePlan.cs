using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme.Certificates;

/// <summary>A certificate to be ordered now; the result goes to all its Secrets.</summary>
public sealed record AcmeOrder(WantedCertificate Certificate, RenewalReason Reason);

/// <summary>A Secret that is to get what another of the same certificate holds.</summary>
public sealed record SecretCopy(ObjectKey From, ObjectKey To);

/// <param name="Orders">The most urgent first.</param>
/// <param name="Next">When to decide again, unless something changes before; null: nothing is to be waited for.</param>
public sealed record AcmePlan(EquatableArray<AcmeOrder> Orders, EquatableArray<SecretCopy> Copies, DateTimeOffset? Next);
