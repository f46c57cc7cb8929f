using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Jose;

/// <summary>An account is its key: ECDSA on P-256, so ES256. May be used by several threads.</summary>
public sealed class AccountKey : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ECDsa _key;

    private AccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        // Members in this order and without white space: this is what RFC 7638 digests.
        Jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Jwk)));
    }

    /// <summary>The public key as JSON.</summary>
    public string Jwk { get; }

    public string Thumbprint { get; }

    public static AccountKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="pem">As <see cref="Export"/> gives it, or any PEM of an unencrypted P-256 key.</param>
    public static AcmeResult<AccountKey> Read(Secret pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem.Reveal().Span));
            if (key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true) is { D: not null } parameters && IsP256(parameters.Curve))
                return new AccountKey(key);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // What is wrong with it could tell of the key.
        }

        key.Dispose();
        return new AcmeError(AcmeErrorKind.Invalid, "the account key is no unencrypted PEM block of a P-256 private key; remove it to have a new account made");
    }

    /// <summary>PKCS #8 in PEM.</summary>
    public Secret Export()
    {
        lock (_gate)
            return Secret.FromText(_key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>What answers a challenge with that token (RFC 8555 §8.1).</summary>
    public string Authorize(string token) => $"{token}.{Thumbprint}";

    public void Dispose() => _key.Dispose();

    internal byte[] Sign(byte[] input)
    {
        lock (_gate)
            return _key.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static bool IsP256(ECCurve curve) => curve.IsNamed && string.Equals(curve.Oid.Value, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal);
}
