using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cluster.Transport.Http2.Tls;

/// <summary>What the files held at one time. Connections that use it keep it alive; nothing disposes it under them.</summary>
internal sealed class TlsMaterial
{
    private readonly byte[] _certificatePem;
    private readonly byte[] _keyPem;
    private readonly byte[] _authorityPem;

    private TlsMaterial(byte[] certificatePem, byte[] keyPem, byte[] authorityPem, SslStreamCertificateContext own, X509Certificate2Collection authority)
    {
        _certificatePem = certificatePem;
        _keyPem = keyPem;
        _authorityPem = authorityPem;
        Own = own;
        Authority = authority;
    }

    public SslStreamCertificateContext Own { get; }

    public X509Certificate2Collection Authority { get; }

    /// <returns><paramref name="known"/> if the files still hold the same; null and what is wrong if they can't be used.</returns>
    public static (TlsMaterial? Material, string? Error) Read(TlsFiles files, TlsMaterial? known)
    {
        var reading = "";
        try
        {
            var certificate = File.ReadAllBytes(reading = files.Certificate);
            var key = File.ReadAllBytes(reading = files.Key);
            var authority = File.ReadAllBytes(reading = files.Authority);
            return known is not null && known.Holds(certificate, key, authority) ? (known, null) : (Load(files, certificate, key, authority), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"can't read {reading}: {exception.Message}");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return (null, $"{files.Certificate}, {files.Key} and {files.Authority} don't make a certificate with its key and authority: {exception.Message}");
        }
    }

    private static TlsMaterial Load(TlsFiles files, byte[] certificate, byte[] key, byte[] authority)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Text(certificate));
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(Text(authority));
        if (chain.Count == 0 || trusted.Count == 0)
            throw new CryptographicException($"no certificate in {(chain.Count == 0 ? files.Certificate : files.Authority)}");
        var own = X509Certificate2.CreateFromPem(Text(certificate), Text(key));
        chain.RemoveAt(0);
        return new TlsMaterial(certificate, key, authority, SslStreamCertificateContext.Create(own, chain, offline: true), trusted);
    }

    private bool Holds(byte[] certificate, byte[] key, byte[] authority) =>
        certificate.AsSpan().SequenceEqual(_certificatePem)
        && CryptographicOperations.FixedTimeEquals(key, _keyPem)
        && authority.AsSpan().SequenceEqual(_authorityPem);

    private static char[] Text(byte[] pem) => System.Text.Encoding.UTF8.GetChars(pem);
}
