using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>Hashes of passwords that have a salt, so that only whoever knows the password can tell.</summary>
public static class PasswordHash
{
    /// <summary>More is nobody's password, and some hashes take time by its length.</summary>
    public const int MaxPassword = 1024;

    /// <summary>Null, or why no hash but those of htpasswd's MD5 can be told here.</summary>
    public static string? Problem => SystemCrypt.IsThere ? null : "this machine has no crypt(3): install libcrypt1";

    /// <summary>Takes from a millisecond to a second, as the hash says.</summary>
    public static bool Fits(string hash, ReadOnlySpan<byte> password)
    {
        // crypt(3) would read up to the NUL only.
        if (password.Length is 0 or > MaxPassword || password.Contains((byte)0) || !Ascii.IsValid(hash) || hash.Contains('\0', StringComparison.Ordinal))
            return false;
        var made = hash.StartsWith(ApacheMd5.Mark, StringComparison.Ordinal)
            ? ApacheMd5.Hash(password, hash[ApacheMd5.Mark.Length..].Split('$')[0])
            : SystemCrypt.IsThere ? SystemCrypt.Hash(password, hash) : null;
        return made is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(made), Encoding.ASCII.GetBytes(hash));
    }
}
