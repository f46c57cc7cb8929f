using System.Globalization;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Certificates of clients: who is to show one, the id of whose signatures count, in whose words endpoints are told what, whether subjects have
/// to match, and where the refused are sent.
/// </summary>
internal static class CertificateData
{
    public const char Required = 'r';

    public const char Optional = 'o';

    public const char AnyIssuer = 'u';

    public const char Nginx = 'n';

    public const char Community = 'c';

    public const char Whole = 't';

    public const char Lower = 'l';

    private const char Nothing = '-';

    public static void Write(PolicyWriter writer, ClientCertificates certificates)
    {
        var what = $"certificates of clients by {certificates.Authorities.Name}";
        if (Handshake.Refuse(certificates.Authorities) is { } problem)
        {
            writer.Close($"{what}: {problem}, so nobody gets in");
            return;
        }

        var pattern = certificates.SubjectPattern;
        if (pattern is not null && (PatternCheck.Problem(pattern) is not null || !writer.Pattern(PolicyPattern.Anywhere(writer.Id, PolicyFlags.ClientCertificates, pattern), "1", what)))
        {
            writer.Close($"{what}: the subject {pattern} is no expression that HAProxy takes, so nobody gets in");
            return;
        }

        var verification = certificates.Verification switch
        {
            ClientVerification.Optional => Optional,
            ClientVerification.AnyIssuer => AnyIssuer,
            _ => Required,
        };
        var dialect = certificates.Dialect == CertificateDialect.Nginx ? Nginx : Community;
        var page = certificates.ErrorPage is { } url ? PolicyWriter.Text(url) : "";
        var value = string.Create(
            CultureInfo.InvariantCulture,
            $"{verification}|{Handshake.TrustOf(certificates.Authorities)}|{dialect}|{Tells(certificates)}|{(pattern is null ? "" : "1")}|{page}");
        if (!writer.Flag(PolicyFlags.ClientCertificates, value, what))
            writer.Close();
    }

    private static string Tells(ClientCertificates certificates) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Nothing}{(certificates.TellsCertificate ? Whole : Nothing)}{(certificates.LowerFingerprints ? Lower : Nothing)}{(certificates.Sha2Bits is 224 or 256 or 384 or 512 ? certificates.Sha2Bits : null)}");
}
