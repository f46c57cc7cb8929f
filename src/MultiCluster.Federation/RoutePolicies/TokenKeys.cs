using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Federation.Text;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Keys of a Secret that tokens are checked with; every value of it holds some, so that one can follow another. Of HS* a value is the secret itself, of
/// all others PEM with public keys or certificates. What is no key for the algorithm costs itself: fewer tokens are good. No message holds any of it.
/// </summary>
internal static class TokenKeys
{
    private const int MaxKeys = 8;
    private const int MaxSecret = 512;
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;

    /// <returns>As in a token check; sorted.</returns>
    public static EquatableArray<string> Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> data, string algorithm, out IReadOnlyList<string> problems)
    {
        var (keys, told) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var (name, value) in data.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            var read = algorithm.StartsWith("HS", StringComparison.Ordinal) ? OfSecret(value.Span, algorithm) : OfPem(value.Span, algorithm);
            if (read.Problem is { } problem)
                told.Add($"whose value {Shown.Quoted(name)} does not count: {problem}");
            keys.UnionWith(read.Keys.Select(static key => Base64Url.EncodeToString(key)));
        }

        if (keys.Count > MaxKeys)
        {
            told.Add($"which has more than {MaxKeys} keys; remove those that are no longer used");
            keys.Clear();
        }

        problems = told;
        return keys.ToEquatableArray();
    }

    private static (IReadOnlyList<byte[]> Keys, string? Problem) OfSecret(ReadOnlySpan<byte> value, string algorithm)
    {
        // A line's end behind a text comes from whatever wrote the file.
        var text = value.TrimEnd("\r\n"u8);
        var secret = text.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? value : text;
        if (secret.StartsWith("-----BEGIN "u8))
            return ([], $"it is PEM, and everybody may know a public key; name RS256, ES256 or another algorithm of public keys, or write a secret for {algorithm}");
        // RFC 7518, 3.2: whoever has a token can try shorter ones.
        var least = int.Parse(algorithm.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) / 8;
        if (secret.Length < least || secret.Length > MaxSecret)
            return ([], $"it has {secret.Length} bytes; write {least} to {MaxSecret}, such as of openssl rand");
        return ([secret.ToArray()], null);
    }

    private static (IReadOnlyList<byte[]> Keys, string? Problem) OfPem(ReadOnlySpan<byte> value, string algorithm)
    {
        var keys = new List<byte[]>();
        string? problem = null;
        var blocks = Pem.Read(value, MaxKeys + 1);
        foreach (var block in blocks)
        {
            try
            {
                if (PublicKey(block, algorithm) is { } key)
                    keys.Add(key);
                else
                    problem = $"it has a {Shown.Plain(block.Label)} that is no public key for {algorithm}; write PUBLIC KEY or CERTIFICATE, of {Wanted(algorithm)}";
            }
            catch (CryptographicException)
            {
                problem = $"it has a {Shown.Plain(block.Label)} that can't be read; write PUBLIC KEY or CERTIFICATE, of {Wanted(algorithm)}";
            }
        }

        return (keys, blocks.Count == 0 ? $"it is no PEM; write PUBLIC KEY or CERTIFICATE, of {Wanted(algorithm)}" : problem);
    }

    private static string Wanted(string algorithm) => algorithm.StartsWith('E') ? $"the curve P-{CurveBits(algorithm)}" : $"RSA with {LeastRsaBits} to {MostRsaBits} bits";

    private static int CurveBits(string algorithm) => algorithm switch { "ES256" => 256, "ES384" => 384, _ => 521 };

    /// <summary>Null for one of another kind; a private key is none.</summary>
    private static byte[]? PublicKey(Pem.Block block, string algorithm)
    {
        switch (block.Label)
        {
            case "PUBLIC KEY":
                return OfKind(block.Der, algorithm);
            case "CERTIFICATE":
                using (var certificate = X509CertificateLoader.LoadCertificate(block.Der))
                    return OfKind(certificate.PublicKey.ExportSubjectPublicKeyInfo(), algorithm);
            case "RSA PUBLIC KEY":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportRSAPublicKey(block.Der, out _);
                    return OfKind(rsa.ExportSubjectPublicKeyInfo(), algorithm);
                }

            default:
                return null;
        }
    }

    private static byte[]? OfKind(byte[] info, string algorithm)
    {
        if (algorithm.StartsWith('E'))
        {
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(info, out _);
            return curve.KeySize == CurveBits(algorithm) ? curve.ExportSubjectPublicKeyInfo() : null;
        }

        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(info, out _);
        return key.KeySize is >= LeastRsaBits and <= MostRsaBits ? key.ExportSubjectPublicKeyInfo() : null;
    }
}
