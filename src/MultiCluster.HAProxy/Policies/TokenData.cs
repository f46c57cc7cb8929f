using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What a token must be, as the agent reads it: the header, the algorithm, the issuer, audiences and keys, divided by '|' and ','. The program itself
/// reads the header only, and the alphabets of its parts have neither of both.
/// </summary>
internal static class TokenData
{
    /// <summary>What is no token is not asked about; the agent takes no longer one.</summary>
    public const int Shortest = 16;

    public const int Longest = 8192;

    public static void Write(PolicyWriter writer, TokenCheck check)
    {
        if (!TokenCheck.Algorithms.Contains(check.Algorithm, StringComparer.Ordinal) || check.Keys.IsEmpty)
        {
            writer.Close("there is no key to check tokens with, so nobody gets in");
            return;
        }

        var value = string.Join(
            '|',
            PolicyWriter.Text(check.Header ?? ""),
            check.Algorithm,
            PolicyWriter.Text(check.Issuer ?? ""),
            string.Join(',', check.Audiences.Select(PolicyWriter.Text)),
            string.Join(',', check.Keys));
        if (!writer.Flag(PolicyFlags.Token, value, "the keys of tokens"))
            writer.Close();
    }
}
