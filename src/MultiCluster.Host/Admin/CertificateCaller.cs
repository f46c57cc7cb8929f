using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Admin;

/// <summary>Who calls, by a certificate that TLS has verified: the common name, with the role that the organizational unit names.</summary>
internal static class CertificateCaller
{
    private const string CommonName = "2.5.4.3";
    private const string Unit = "2.5.4.11";

    /// <summary>Certificates of controllers and proxies, which the same authority may sign, name no unit: they may do nothing here.</summary>
    public static (AdminCaller? Caller, ProblemView? Refusal) Judge(X509Certificate2 certificate, AdminRole needed, DateTimeOffset now)
    {
        // A connection may live longer than what it was made with.
        if (new DateTimeOffset(certificate.NotAfter) < now)
            return (null, new ProblemView("Certificate refused", 401, $"the certificate {certificate.Subject} has ended at {certificate.NotAfter.ToUniversalTime():u}"));
        return Of(certificate.SubjectName) is { } caller
            ? AdminGate.ByRole(caller, needed)
            : (null, new ProblemView("Not allowed", 403, $"the certificate {certificate.Subject} names no role: its subject needs one common name, and view, operate or admin as its one organizational unit"));
    }

    /// <returns>Null: it is not one name with one role.</returns>
    internal static AdminCaller? Of(X500DistinguishedName subject)
    {
        string? name = null, unit = null;
        try
        {
            foreach (var part in subject.EnumerateRelativeDistinguishedNames())
            {
                // Two of a kind, or several attributes in one part, are somebody's trick or mistake: which one would count?
                if (part.HasMultipleElements)
                    return null;
                var type = part.GetSingleElementType().Value;
                if ((type == CommonName && name is not null) || (type == Unit && unit is not null))
                    return null;
                if (type == CommonName)
                    name = part.GetSingleElementValue();
                else if (type == Unit)
                    unit = part.GetSingleElementValue();
            }
        }
        catch (Exception broken) when (broken is AsnContentException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }

        AdminRole? role = unit switch { "view" => AdminRole.View, "operate" => AdminRole.Operate, "admin" => AdminRole.Admin, _ => null };
        return string.IsNullOrEmpty(name) || name.Any(char.IsControl) || role is null ? null : new AdminCaller(name, role.Value);
    }
}
