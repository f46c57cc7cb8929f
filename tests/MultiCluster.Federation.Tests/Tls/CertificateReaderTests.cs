using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Tls;

public sealed class CertificateReaderTests
{
    private static CertificateReading Read(string certificate, string key) =>
        CertificateReader.Read(Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key));

    private static Certificate Valid((string Certificate, string Key) pair) =>
        Assert.IsType<CertificateReading.Valid>(Read(pair.Certificate, pair.Key)).Certificate;

    private static void AssertInvalid(string reason, string part, CertificateReading reading)
    {
        var invalid = Assert.IsType<CertificateReading.Invalid>(reading);
        Assert.Equal(reason, invalid.Reason);
        Assert.Contains(part, invalid.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds => ["ecdsa", "ecdsa sec1", "rsa", "rsa pkcs1"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pair_is_encoded_anew(string kind)
    {
        var pair = kind switch
        {
            "ecdsa" => Certificates.Ecdsa(["b.example", "A.example"]),
            "ecdsa sec1" => Certificates.Ecdsa(["b.example", "A.example"], sec1: true),
            "rsa" => Certificates.Rsa(["b.example", "A.example"]),
            _ => Certificates.Rsa(["b.example", "A.example"], pkcs1: true),
        };

        var certificate = Valid(pair);
        var pem = Encoding.ASCII.GetString(certificate.Pem.Reveal().Span);

        Assert.Equal(["a.example", "b.example"], certificate.DnsNames);
        Assert.Equal(Make.Day(1), certificate.NotBefore);
        Assert.Equal(Make.Day(1).AddYears(5), certificate.NotAfter);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(certificate.Pem.Reveal().Span)), certificate.Fingerprint);
        Assert.EndsWith("-----END PRIVATE KEY-----\n", pem, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", pem, StringComparison.Ordinal);
        using var loaded = X509Certificate2.CreateFromPem(pem, pem);
        Assert.True(loaded.HasPrivateKey);
    }

    [Fact]
    public void Equal_pairs_have_equal_fingerprints_however_they_are_written()
    {
        var pair = Certificates.Ecdsa(["a.example"]);
        var commented = ($"# my certificate ä\r\n{pair.Certificate.ReplaceLineEndings("\r\n")}\r\n\r\nbye", $"\n\n{pair.Key}\n");

        Assert.Equal(Valid(pair).Fingerprint, Valid(commented).Fingerprint);
    }

    [Fact]
    public void The_chain_is_kept_behind_the_leaf()
    {
        var leaf = Certificates.Ecdsa(["a.example"]);
        var issuer = Certificates.Ecdsa(["ca.example"]);

        var certificate = Valid(($"{leaf.Certificate}\n{issuer.Certificate}", leaf.Key));

        Assert.Equal(["a.example"], certificate.DnsNames);
        Assert.Equal(2, Encoding.ASCII.GetString(certificate.Pem.Reveal().Span).Split("BEGIN CERTIFICATE").Length - 1);
        Assert.NotEqual(Valid(leaf).Fingerprint, certificate.Fingerprint);
        AssertInvalid(Reasons.CertificateKeyMismatch, "leaf first", Read($"{issuer.Certificate}\n{leaf.Certificate}", leaf.Key));
    }

    [Fact]
    public void The_common_name_counts_only_without_alternative_names()
    {
        Assert.Equal(["cn.example"], Valid(Certificates.Ecdsa([], commonName: "CN.example")).DnsNames);
        Assert.Equal(["a.example"], Valid(Certificates.Ecdsa(["a.example"], commonName: "cn.example")).DnsNames);
        Assert.Empty(Valid(Certificates.Ecdsa([], commonName: "My Company")).DnsNames);
    }

    [Fact]
    public void A_key_that_does_not_fit_is_named()
    {
        var ecdsa = Certificates.Ecdsa(["a.example"]);
        var rsa = Certificates.Rsa(["a.example"]);

        AssertInvalid(Reasons.CertificateKeyMismatch, "not the key", Read(ecdsa.Certificate, Certificates.Ecdsa(["a.example"]).Key));
        AssertInvalid(Reasons.CertificateKeyMismatch, "not the key", Read(rsa.Certificate, Certificates.Rsa(["a.example"]).Key));
        AssertInvalid(Reasons.CertificateKeyMismatch, "certificate's kind", Read(ecdsa.Certificate, rsa.Key));
        AssertInvalid(Reasons.CertificateKeyMismatch, "certificate's kind", Read(rsa.Certificate, ecdsa.Key));
    }

    [Fact]
    public void What_is_no_pair_says_so()
    {
        var (certificate, key) = Certificates.Ecdsa(["a.example"]);

        AssertInvalid(Reasons.InvalidCertificate, "tls.crt holds no PEM block", Read("", key));
        AssertInvalid(Reasons.InvalidCertificate, "tls.crt holds no PEM block", Read("hello \"%[ ;\n", key));
        AssertInvalid(Reasons.InvalidCertificate, "tls.crt holds no PEM block", Read(key, key));
        AssertInvalid(Reasons.InvalidCertificate, "tls.key holds no PEM block", Read(certificate, ""));
        AssertInvalid(Reasons.InvalidCertificate, "tls.key holds no PEM block", Read(certificate, certificate));
        AssertInvalid(Reasons.InvalidCertificate, "no certificate", Read("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key));
        AssertInvalid(
            Reasons.CertificateKeyMismatch, "can't be read", Read(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));
        AssertInvalid(Reasons.InvalidCertificate, "more than 16", Read(string.Join('\n', Enumerable.Repeat(certificate, 17)), key));
    }

    [Fact]
    public void An_encrypted_key_says_so()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

        AssertInvalid(
            Reasons.InvalidCertificate,
            "without a passphrase",
            Read(Certificates.Ecdsa(["a.example"]).Certificate, key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters)));
    }

    [Fact]
    public void A_short_rsa_key_is_refused() =>
        AssertInvalid(Reasons.InvalidCertificate, "has 1024 bits", Read(Certificates.Rsa(["a.example"], 1024).Certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));

    /// <summary>Every byte of the DER damaged in turn: a reading, never an exception.</summary>
    [Fact]
    public void Damaged_certificates_never_throw()
    {
        var (certificate, key) = Certificates.Ecdsa(["a.example", "*.b.example"]);
        using var loaded = X509Certificate2.CreateFromPem(certificate);
        var der = loaded.RawData;
        foreach (var value in (byte[])[0x00, 0x01, 0x7F, 0xFF])
        {
            for (var i = 0; i < der.Length; i++)
            {
                var damaged = (byte[])der.Clone();
                damaged[i] ^= value;
                Assert.NotNull(Read(PemEncoding.WriteString("CERTIFICATE", damaged), key));
            }
        }
    }

    [Fact]
    public void Damaged_keys_never_throw()
    {
        var (certificate, key) = Certificates.Ecdsa(["a.example"]);
        var fields = PemEncoding.Find(key);
        var der = Convert.FromBase64String(key[fields.Base64Data]);
        for (var i = 0; i < der.Length; i++)
        {
            var damaged = (byte[])der.Clone();
            damaged[i] ^= 0xFF;
            Assert.NotNull(Read(certificate, PemEncoding.WriteString("PRIVATE KEY", damaged)));
        }
    }

    [Fact]
    public void More_than_HAProxy_takes_at_run_time_is_refused_with_both_sizes()
    {
        var names = Enumerable.Range(0, 1500).Select(static i => $"a-rather-long-name-{i}.example").ToArray();
        AssertInvalid(Reasons.InvalidCertificate, $"HAProxy takes {Certificate.MaxPemLength}", Reading(Certificates.Ecdsa(names)));

        static CertificateReading Reading((string Certificate, string Key) pair) => Read(pair.Certificate, pair.Key);
    }
}
