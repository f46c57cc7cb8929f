using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.Federation.Tls;

/// <summary>
/// Reads the values of a Secret with certificates. What comes out is encoded anew, so that nothing but certificates and
/// a key that fits reaches a proxy: one that its TLS library refuses would cost every host of that proxy.
/// </summary>
public static class CertificateReader
{
    private const int MaxChain = 16;
    private const string CommonName = "2.5.4.3";

    /// <summary>All pairs of the Secret; of two with keys of one kind the first. A pair that is no good takes nothing from the others.</summary>
    public static CertificateReading Read(TlsSecretResource secret)
    {
        if (secret.Further.IsEmpty)
            return Read(secret.CertificatePem.Reveal().Span, secret.PrivateKeyPem.Reveal().Span);
        var valid = new List<CertificateReading.Valid>();
        var problems = new List<CertificateReading.Invalid>();
        if (!secret.HasFurtherOnly)
            Add(Read(secret.CertificatePem.Reveal().Span, secret.PrivateKeyPem.Reveal().Span), "");
        foreach (var pair in secret.Further)
            Add(Read(pair.CertificatePem.Reveal().Span, pair.PrivateKeyPem.Reveal().Span), pair.Name);
        return valid.Count == 0
            ? problems[0]
            : valid[0] with { Others = valid.Skip(1).ToEquatableArray(), Problem = problems.Count == 0 ? null : problems[0].Message };

        void Add(CertificateReading reading, string name)
        {
            if (reading is CertificateReading.Invalid invalid)
                problems.Add(name.Length == 0 ? invalid : invalid with { Message = invalid.Message.Replace("tls.", $"{name}.", StringComparison.Ordinal) });
            else if (reading is CertificateReading.Valid known && !valid.Exists(other => other.Kind == known.Kind))
                valid.Add(known);
        }
    }

    public static CertificateReading Read(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> privateKeyPem)
    {
        var chain = new List<X509Certificate2>();
        try
        {
            var blocks = Pem.Read(certificatePem, limit: MaxChain + 1);
            if (blocks.Count > MaxChain)
                return Bad($"tls.crt holds more than {MaxChain} certificates; keep the leaf and its intermediates");
            foreach (var block in blocks.Where(static block => string.Equals(block.Label, "CERTIFICATE", StringComparison.Ordinal)))
                chain.Add(X509CertificateLoader.LoadCertificate(block.Der));
            if (chain.Count == 0)
                return Bad("tls.crt holds no PEM block CERTIFICATE; store the certificate chain there, leaf first");
            return KeyIn(privateKeyPem) is { } key ? Combine(chain, key) : Bad(NoKey(privateKeyPem));
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException or ArgumentException)
        {
            return Bad("tls.crt holds a PEM block that is no certificate; store the certificate chain there, leaf first");
        }
        finally
        {
            foreach (var certificate in chain)
                certificate.Dispose();
        }
    }

    private static CertificateReading Combine(List<X509Certificate2> chain, Pem.Block key)
    {
        var leaf = chain[0];
        var (pkcs8, error) = PrivateKeys.Match(leaf, key);
        CryptographicOperations.ZeroMemory(key.Der);
        if (pkcs8 is null)
            return error!;
        var blocks = chain.Select(static certificate => new Pem.Block("CERTIFICATE", certificate.RawData)).ToList();
        blocks.Add(new Pem.Block("PRIVATE KEY", pkcs8));
        var pem = Pem.Write(blocks);
        CryptographicOperations.ZeroMemory(pkcs8);
        if (pem.Length > Certificate.MaxPemLength)
            return Bad($"chain and key are {pem.Length} bytes of PEM, HAProxy takes {Certificate.MaxPemLength} at run time; leave out unneeded intermediates or names");
        return new CertificateReading.Valid(new Certificate(
            Convert.ToHexStringLower(SHA256.HashData(pem)),
            new Secret(pem),
            new DateTimeOffset(leaf.NotBefore.ToUniversalTime(), TimeSpan.Zero),
            new DateTimeOffset(leaf.NotAfter.ToUniversalTime(), TimeSpan.Zero),
            NamesOf(leaf)))
        {
            Kind = PrivateKeys.KindOf(leaf),
        };
    }

    /// <summary>The common name counts only without alternative names (RFC 6125 §6.4.4).</summary>
    private static EquatableArray<string> NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames()).ToList();
        if (names.Count == 0)
            names.AddRange(leaf.SubjectName.EnumerateRelativeDistinguishedNames().Where(IsCommonName).Select(static name => name.GetSingleElementValue()!));
        return names.Select(HostNames.Normalise).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();
    }

    private static bool IsCommonName(X500RelativeDistinguishedName name) =>
        !name.HasMultipleElements && string.Equals(name.GetSingleElementType().Value, CommonName, StringComparison.Ordinal);

    private static Pem.Block? KeyIn(ReadOnlySpan<byte> privateKeyPem)
    {
        foreach (var block in Pem.Read(privateKeyPem, limit: 4))
        {
            if (block.Label is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
                return block;
        }

        return null;
    }

    private static string NoKey(ReadOnlySpan<byte> privateKeyPem) =>
        privateKeyPem.IndexOf("ENCRYPTED"u8) >= 0
            ? "tls.key is encrypted; store the key without a passphrase"
            : "tls.key holds no PEM block PRIVATE KEY; store the certificate's private key there";

    private static CertificateReading.Invalid Bad(string message) => new(Reasons.InvalidCertificate, message);
}
