using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme.Certificates;

/// <summary>One certificate with one key. Namespaces share none: who reads Secrets of one is not to have another's keys.</summary>
/// <param name="Digest">Of its hosts: other hosts are another certificate.</param>
public readonly record struct CertificateId(string Namespace, string Digest) : IComparable<CertificateId>
{
    public int CompareTo(CertificateId other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Digest, other.Digest);
    }

    public override string ToString() => $"{Namespace}/{Digest}";

    public static bool operator <(CertificateId left, CertificateId right) => left.CompareTo(right) < 0;

    public static bool operator >(CertificateId left, CertificateId right) => left.CompareTo(right) > 0;

    public static bool operator <=(CertificateId left, CertificateId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CertificateId left, CertificateId right) => left.CompareTo(right) >= 0;
}

/// <param name="Secrets">Sorted; all of one namespace, and all get the same content.</param>
public sealed record WantedCertificate(HostSet Hosts, EquatableArray<ObjectKey> Secrets)
{
    public CertificateId Id { get; } = new(Secrets[0].Namespace, Hosts.Digest);
}

/// <param name="Message">For people: what can't be had, why, the fix.</param>
public sealed record WantedProblem(ObjectKey Ingress, string Message);

/// <param name="Certificates">Sorted by id.</param>
public sealed record WantedCertificates(EquatableArray<WantedCertificate> Certificates, EquatableArray<WantedProblem> Problems);
