using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Certificates that clients have to show. Where it can't be read whose signatures count, or what a subject has to be, nobody is let in; only
/// "off" is off.
/// </summary>
internal static class ClientCertificateTopic
{
    private const string Closed = ", and until then every request is refused";
    private const string Secret = "auth-tls-secret";
    private const string Verify = "auth-tls-verify-client";
    private const string Page = "auth-tls-error-page";
    private const string Name = "auth-tls-match-cn";
    private const int CommunityCode = 302;
    private const int NginxCode = 308;

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        _ = annotations.Switch("auth-tls-strict");
        return Read(annotations, context, policy, CertificateDialect.Community) is not { } read ? null : read with
        {
            ClientCertificates = read.ClientCertificates is not { } certificates ? null : certificates with
            {
                TellsCertificate = annotations.Switch("auth-tls-cert-header") is true,
                LowerFingerprints = annotations.Switch("ssl-fingerprint-lower") is true,
                Sha2Bits = annotations.Text("ssl-fingerprint-sha2-bits") is { } bits ? int.Parse(bits, CultureInfo.InvariantCulture) : null,
            },
        };
    }

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        _ = annotations.Number("auth-tls-verify-depth");
        return Read(annotations, context, policy, CertificateDialect.Nginx) is not { } read ? null : read with
        {
            ClientCertificates = read.ClientCertificates is not { } certificates ? null : certificates with { TellsCertificate = annotations.Switch("auth-tls-pass-certificate-to-upstream") is true },
        };
    }

    private static RoutePolicy? Read(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy, CertificateDialect dialect)
    {
        var verify = annotations.Text(Verify, Closed);
        if (!annotations.Has(Secret))
        {
            // Other keys mean nothing without, and "optional" lets everybody in.
            if (verify is not "on" && !(verify is null && annotations.Has(Verify)))
                return null;
            if (verify is not null)
                annotations.Refuse(Verify, $"stands without {annotations.Family.Prefix}{Secret}; name a Secret there{Closed}");
            return policy with { Closed = true };
        }

        if (verify is "off")
            return policy with { ClientCertificates = null };
        if (SecretOf(annotations, context) is not { } authorities || (verify is null && annotations.Has(Verify)) || !Pattern(annotations, out var pattern))
            return policy with { Closed = true, ClientCertificates = null };
        var verification = verify switch
        {
            "optional" => ClientVerification.Optional,
            "optional_no_ca" => ClientVerification.AnyIssuer,
            _ => ClientVerification.Required,
        };
        policy = policy with { ClientCertificates = new ClientCertificates(verification, authorities, dialect, PageOf(annotations), pattern, TellsCertificate: false) };
        // In clear text nobody can show one: whoever said nothing of it is sent where he can.
        return verification == ClientVerification.Required && context.HasTls && policy.HttpsRedirect is null && !annotations.Has("ssl-redirect")
            ? policy with { HttpsRedirect = new HttpsRedirect(dialect == CertificateDialect.Nginx ? NginxCode : CommunityCode) }
            : policy;
    }

    private static ClientAuthorities? SecretOf(FamilyAnnotations annotations, RoutePolicyContext context)
    {
        if (annotations.Text(Secret, Closed) is not { } written)
            return null;
        if (BasicAuthTopic.KeyOf(written, context.Ingress.Namespace) is not { } key || ValueChecks.IsFile(written))
        {
            annotations.Refuse(Secret, $"is {Shown.Quoted(written)}, a file of the proxy's machine; put it into a Secret and name that{Closed}");
            return null;
        }

        return Authorities(annotations, context, key);
    }

    private static ClientAuthorities? Authorities(FamilyAnnotations annotations, RoutePolicyContext context, ObjectKey key)
    {
        if (context.Secrets(key) is not { } data)
        {
            BasicAuthTopic.RefuseSecret(annotations, Secret, context, key);
            return null;
        }

        var (certificates, revoked, problem) = AuthorityReader.Read(data);
        if (problem is null)
            return new ClientAuthorities(key.ToString(), certificates, revoked);
        annotations.Refuse(Secret, $"names Secret {Shown.Key(key)}, {problem}{Closed}");
        return null;
    }

    /// <summary>A page that can't be had leaves the refusal as it is.</summary>
    private static string? PageOf(FamilyAnnotations annotations)
    {
        if (annotations.Text(Page) is not { } page)
            return null;
        if (Uri.TryCreate(page, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && page.All(static c => c is > ' ' and < '\x7f' and not ('"' or '\\')))
            return page;
        annotations.Refuse(Page, $"is {Shown.Quoted(page)}; write a URL that begins with https:// or http://");
        return null;
    }

    /// <returns>False when nobody can fit.</returns>
    private static bool Pattern(FamilyAnnotations annotations, out string? pattern)
    {
        pattern = null;
        if (annotations.Family.Name != "nginx" || !annotations.Has(Name))
            return true;
        if (annotations.Text(Name, Closed) is not { } written)
            return false;
        var reading = Patterns.Read(written);
        if (reading.Problem is { } problem)
            annotations.Refuse(Name, $"{problem}{Closed}");
        pattern = reading.Text;
        return reading.Problem is null;
    }
}
