using System.Security.Cryptography;

namespace MultiCluster.HAProxy.Runtime.Tokens;

/// <summary>Signatures of RFC 7518, section 3. The algorithm is the policy's, so a public key is never taken for a secret, nor a signature of none for one.</summary>
internal static class TokenSignature
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 16384;

    public static bool IsBy(byte[] key, string algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        try
        {
            return HashOf(algorithm) is { } hash && algorithm[..2] switch
            {
                "HS" => IsOfSecret(key, hash, content, signature),
                "RS" => IsOfRsa(key, hash, RSASignaturePadding.Pkcs1, content, signature),
                "PS" => IsOfRsa(key, hash, RSASignaturePadding.Pss, content, signature),
                "ES" => IsOfCurve(key, hash, content, signature),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm.Length != 5 ? null : algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static bool IsOfSecret(byte[] key, HashAlgorithmName hash, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        key.Length > 0 && CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(hash, key, content), signature);

    private static bool IsOfRsa(byte[] key, HashAlgorithmName hash, RSASignaturePadding padding, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        return rsa.KeySize is >= LeastRsaBits and <= MostRsaBits && rsa.VerifyData(content, signature, hash, padding);
    }

    /// <summary>Each hash is for one curve.</summary>
    private static bool IsOfCurve(byte[] key, HashAlgorithmName hash, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var curve = ECDsa.Create();
        curve.ImportSubjectPublicKeyInfo(key, out _);
        var bits = hash == HashAlgorithmName.SHA256 ? 256 : hash == HashAlgorithmName.SHA384 ? 384 : 521;
        return curve.KeySize == bits && curve.VerifyData(content, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
