using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Issued;

/// <summary>Reads what an authority sent as a certificate, and believes nothing of it.</summary>
internal static class Chain
{
    private const int Most = 10;

    /// <param name="pem">Chain as sent; it is encoded anew, so that what is no certificate goes nowhere.</param>
    public static AcmeResult<IssuedCertificate> Read(ReadOnlySpan<byte> pem, CertificateKey key, EquatableArray<string> hosts, DateTimeOffset now)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Encoding.ASCII.GetString(pem));
            return Check(chain, key, hosts, now);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return Bad("what came is no PEM of certificates");
        }
        finally
        {
            foreach (var certificate in chain)
                certificate.Dispose();
        }
    }

    private static AcmeResult<IssuedCertificate> Check(X509Certificate2Collection chain, CertificateKey key, EquatableArray<string> hosts, DateTimeOffset now)
    {
        if (chain.Count is 0 or > Most)
            return Bad($"a chain of {chain.Count} certificates came");
        var leaf = chain[0];
        if (!key.Fits(leaf))
            return Bad("it is for another key");
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames())
            .Select(static name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (hosts.Items.FirstOrDefault(host => !names.Contains(host)) is { } missing)
            return Bad($"it does not name {missing}") with { Host = missing };
        var (from, to) = (Time(leaf.NotBefore), Time(leaf.NotAfter));
        if (to <= now)
            return Bad($"it ended at {to:u}");
        var text = new StringBuilder();
        foreach (var certificate in chain)
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        var secret = key.Export();
        if (text.Length + secret.Length > Certificate.MaxPemLength)
            return Bad($"chain and key are {text.Length + secret.Length} bytes, HAProxy takes {Certificate.MaxPemLength} at run time; divide the hosts among Secrets");
        return new IssuedCertificate(text.ToString(), secret, from, to, hosts, CommonName(chain[^1].IssuerName));
    }

    private static string CommonName(X500DistinguishedName name)
    {
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3")
                return part.GetSingleElementValue() ?? "";
        }

        return "";
    }

    private static DateTimeOffset Time(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);

    private static AcmeError Bad(string why) => new(AcmeErrorKind.BadCertificate, $"certificate: {why}");
}
