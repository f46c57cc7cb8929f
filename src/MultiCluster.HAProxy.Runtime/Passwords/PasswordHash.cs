using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>Hashes of passwords that have a salt, so that only whoever knows the password can tell.</summary>
public static class PasswordHash
{
    /// <summary>More is nobody's password, and some hashes take time by its length.</summary>
    public const int MaxPassword = 1024;

    private const int LongestOfDes = 8;
    private const int LongestOfBcrypt = 72;
    private const string RoundsMark = "rounds=";

    /// <summary>Bytes that SHA-256 and SHA-512 digest in all rounds, about.</summary>
    private const long MaxWork = 100_000_000;

    private const int BytesBeside = 64;

    /// <summary>Null, or why no hash but those of htpasswd's MD5 can be told here.</summary>
    public static string? Problem => SystemCrypt.IsThere ? null : "this machine has no crypt(3): install libcrypt1";

    /// <summary>
    /// Some methods read a beginning only: who has the password would get in by any number of others. For others time grows with rounds and length.
    /// </summary>
    private static int Longest(string hash)
    {
        if (!hash.StartsWith('$'))
            return LongestOfDes;
        var parts = hash.Split('$');
        return parts[1] switch
        {
            ['2', ..] => LongestOfBcrypt,
            "5" or "6" when parts.Length > 2 && parts[2].StartsWith(RoundsMark, StringComparison.Ordinal) =>
                long.TryParse(parts[2][RoundsMark.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
                    ? (int)Math.Clamp((MaxWork / Math.Max(1, rounds)) - BytesBeside, 0, MaxPassword)
                    : 0,
            _ => MaxPassword,
        };
    }

    /// <summary>Takes from a millisecond to a second, as the hash says.</summary>
    public static bool Fits(string hash, ReadOnlySpan<byte> password)
    {
        // crypt(3) would read up to the NUL only.
        if (password.Length == 0 || password.Length > Longest(hash) || password.Contains((byte)0) || !Ascii.IsValid(hash) || hash.Contains('\0', StringComparison.Ordinal))
            return false;
        var made = hash.StartsWith(ApacheMd5.Mark, StringComparison.Ordinal)
            ? ApacheMd5.Hash(password, hash[ApacheMd5.Mark.Length..].Split('$')[0])
            : SystemCrypt.IsThere ? SystemCrypt.Hash(password, hash) : null;
        return made is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(made), Encoding.ASCII.GetBytes(hash));
    }
}
