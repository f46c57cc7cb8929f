using System.Globalization;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// A policy's letters as one number, the last field of a route's value: whether a bit of it is set costs HAProxy 370 instructions, a look for a
/// letter in text 600. Below the letters' bits are the last stages that have a rule for the request, see <see cref="PolicyStages"/>.
/// </summary>
internal static class PolicyMask
{
    /// <summary>Each letter's bit is its place. Running programs know letters by it, so a new one comes last.</summary>
    private const string Letters = "-uxadhsroijknA12345cezmbgqyvtfpwVlUEWFGTMDQY~RCH";

    /// <summary>Bits of stages: four for the frontend's, four for the backend's.</summary>
    private const int StageBits = 8;

    public static string Of(string letters) => (PolicyStages.Of(letters) | Bits(letters)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The expression "the policy has the letter, or one of several".</summary>
    public static string Test(IEnumerable<char> letters) => string.Create(CultureInfo.InvariantCulture, $"var(txn.does),and({Bits(letters)}) -m bool");

    /// <summary>The expression for all letters but these; stages stay as they are.</summary>
    public static string Without(IEnumerable<char> letters) => string.Create(CultureInfo.InvariantCulture, $"var(txn.does),and({long.MaxValue ^ Bits(letters)})");

    private static long Bits(IEnumerable<char> letters) => letters.Aggregate(0L, static (bits, letter) => bits | (1L << (StageBits + PlaceOf(letter))));

    private static int PlaceOf(char letter) => Letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var place
        ? place
        : throw new ArgumentOutOfRangeException(nameof(letter), letter, "the letter has no bit");
}
