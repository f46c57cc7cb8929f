using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Issued;

/// <summary>A new key for each certificate: P-256.</summary>
internal sealed class CertificateKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>PKCS #8 in PEM.</summary>
    public Secret Export() => Secret.FromText(_key.ExportPkcs8PrivateKeyPem() + "\n");

    /// <summary>DER of PKCS #10. The subject is empty: names are in the extension, and a common name would hold 64 characters only.</summary>
    public byte[] Request(EquatableArray<string> hosts)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Items)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequest();
    }

    public bool Fits(X509Certificate2 leaf) => leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_key.ExportSubjectPublicKeyInfo());

    public void Dispose() => _key.Dispose();
}
