using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>What htpasswd writes unless told otherwise: MD5-crypt of crypt(3) with a mark of its own, which crypt(3) does not know.</summary>
[SuppressMessage("Security", "CA5351", Justification = "The hashes are there already.")]
internal static class ApacheMd5
{
    public const string Mark = "$apr1$";

    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Which bytes of the digest make each group of four digits; the last byte makes two.</summary>
    private static readonly int[][] Groups = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]];

    public static string Hash(ReadOnlySpan<byte> password, string salt)
    {
        salt = salt[..Math.Min(salt.Length, 8)];
        byte[] key = [.. password];
        var salted = Encoding.ASCII.GetBytes(salt);
        var inner = MD5.HashData([.. key, .. salted, .. key]);
        using var first = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        first.AppendData(key);
        first.AppendData(Encoding.ASCII.GetBytes(Mark));
        first.AppendData(salted);
        for (var left = key.Length; left > 0; left -= inner.Length)
            first.AppendData(inner, 0, Math.Min(left, inner.Length));
        for (var bits = key.Length; bits > 0; bits >>= 1)
            first.AppendData((bits & 1) != 0 ? [0] : key.AsSpan(0, 1));
        var digest = first.GetHashAndReset();

        for (var round = 0; round < 1000; round++)
        {
            first.AppendData((round & 1) != 0 ? key : digest);
            if (round % 3 != 0)
                first.AppendData(salted);
            if (round % 7 != 0)
                first.AppendData(key);
            first.AppendData((round & 1) != 0 ? digest : key);
            digest = first.GetHashAndReset();
        }

        var text = new StringBuilder($"{Mark}{salt}$");
        foreach (var group in Groups)
            Append(text, (digest[group[0]] << 16) | (digest[group[1]] << 8) | digest[group[2]], 4);
        Append(text, digest[11], 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int value, int digits)
    {
        for (; digits > 0; digits--, value >>= 6)
            text.Append(Digits[value & 63]);
    }
}
