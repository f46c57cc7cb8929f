using System.Globalization;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// What one check of a password against a hash takes: half a second and 64 MB at most. The hash itself says how much it wants, and whoever
/// writes a Secret must not take the machine from the proxy.
/// </summary>
internal static class HashCost
{
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int MaxBcrypt = 12;
    private const int MaxRounds = 1_000_000;

    /// <summary>Of 128 bytes.</summary>
    private const long MaxBlocks = (64L << 20) / 128;

    /// <summary>Of what yescrypt writes with one character; what takes more is more than anybody needs.</summary>
    private const int OneDigit = 47;

    /// <param name="hash">One that <see cref="UserSecret"/> knows.</param>
    /// <returns>Null, or why nobody gets in by it.</returns>
    public static string? Problem(string hash)
    {
        if (!hash.StartsWith('$'))
            return null;
        var parts = hash.Split('$');
        return parts[1] switch
        {
            "2a" or "2b" or "2y" => IsBcrypt(parts[2]) ? null : TooMuch($"the cost {MaxBcrypt}"),
            "5" or "6" => IsSha(parts) ? null : TooMuch($"{MaxRounds} rounds"),
            "7" => IsScrypt(parts[2]) ? null : TooMuch("64 MB"),
            "y" => IsYescrypt(parts[2]) ? null : TooMuch("64 MB, or has parameters beside those of mkpasswd"),
            _ => null,
        };
    }

    private static string TooMuch(string limit) =>
        $"a check of its hash takes more than {limit}; make one that takes less, such as by htpasswd -B -C 10";

    private static bool IsBcrypt(string cost) =>
        cost.Length == 2 && int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds <= MaxBcrypt;

    private static bool IsSha(string[] parts) => !parts[2].StartsWith("rounds=", StringComparison.Ordinal)
        || (int.TryParse(parts[2]["rounds=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds <= MaxRounds);

    /// <summary>A digit for N as a power of two, and five each for r and p, the lowest first; the salt follows.</summary>
    private static bool IsScrypt(string written) => written.Length >= 11
        && Number(written[0]) is var power and < 20 && Number(written[1..6]) is var r && Number(written[6..11]) is var p
        && r <= MaxBlocks && p <= MaxBlocks && (r * p) << (int)power <= MaxBlocks;

    /// <summary>A digit for the flavor, one for N as a power of two and one for r, each less one.</summary>
    private static bool IsYescrypt(string written) => written.Length == 3 && written.All(static c => Number(c) <= OneDigit)
        && Number(written[1]) is var power and < 19 && (Number(written[2]) + 1) << ((int)power + 1) <= MaxBlocks;

    private static long Number(char digit) => Digits.IndexOf(digit, StringComparison.Ordinal);

    private static long Number(string digits)
    {
        var number = 0L;
        for (var i = digits.Length - 1; i >= 0; i--)
            number = (number << 6) | (uint)Number(digits[i]);
        return number;
    }
}
