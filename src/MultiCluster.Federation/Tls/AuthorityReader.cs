using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.Federation.Tls;

/// <summary>
/// Reads who signs certificates of clients, and whose they have taken back. What comes out is encoded anew: a file that the TLS library of a proxy
/// refuses would cost the hosts that need it.
/// </summary>
public static class AuthorityReader
{
    public const string AuthoritiesKey = "ca.crt";

    public const string RevocationsKey = "ca.crl";

    /// <summary>In bytes of PEM: HAProxy takes each as one command.</summary>
    public const int MaxLength = 30 * 1024;

    private const int MaxBlocks = 64;

    /// <summary>Continues "names Secret ns/name, ".</summary>
    public static (string Certificates, string Revoked, string? Problem) Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> data)
    {
        if (!data.TryGetValue(AuthoritiesKey, out var authorities))
            return ("", "", $"which has no {AuthoritiesKey}; store the certificates of the authorities there");
        var (certificates, problem) = Blocks(authorities, AuthoritiesKey, "CERTIFICATE", CheckCertificate);
        if (problem is not null || !data.TryGetValue(RevocationsKey, out var lists))
            return (certificates, "", problem);
        (var revoked, problem) = Blocks(lists, RevocationsKey, "X509 CRL", CheckList);
        return (certificates, revoked, problem);
    }

    private static (string Pem, string? Problem) Blocks(ReadOnlyMemory<byte> value, string key, string label, Action<byte[]> check)
    {
        List<Pem.Block> blocks;
        try
        {
            blocks = [.. Pem.Read(value.Span, MaxBlocks + 1).Where(block => string.Equals(block.Label, label, StringComparison.Ordinal)).DistinctBy(static block => Convert.ToHexString(SHA256.HashData(block.Der)))];
            foreach (var block in blocks)
                check(block.Der);
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException or ArgumentException)
        {
            return ("", $"whose {key} holds a PEM block that is no {label}; store only such there");
        }

        if (blocks.Count == 0)
            return ("", $"whose {key} holds no PEM block {label}; store one there");
        if (blocks.Count > MaxBlocks)
            return ("", $"whose {key} holds more than {MaxBlocks} PEM blocks; keep those that are needed");
        var pem = Pem.Write(blocks);
        return pem.Length > MaxLength
            ? ("", $"whose {key} is {pem.Length} bytes of PEM, and HAProxy takes {MaxLength} at run time; keep what is needed")
            : (Encoding.ASCII.GetString(pem), null);
    }

    private static void CheckCertificate(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
    }

    private static void CheckList(byte[] der) => CertificateRevocationListBuilder.Load(der, out _);
}
