using System.Buffers.Text;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Tokens;

/// <summary>What a token must be, as a policy's entry in HAProxy's map says it: header, algorithm, issuer, audiences and keys, divided by '|' and ','.</summary>
/// <param name="Issuer">Empty: it may be anything.</param>
/// <param name="Audiences">Empty: they may be anything.</param>
/// <param name="Keys">Of HMAC, or public ones as SubjectPublicKeyInfo.</param>
internal sealed record TokenRule(string Algorithm, string Issuer, IReadOnlyList<string> Audiences, IReadOnlyList<byte[]> Keys)
{
    /// <summary>Null for what is no rule.</summary>
    public static TokenRule? Parse(string text)
    {
        if (text.Split('|') is not [_, var algorithm, var issuer, var audiences, var keys])
            return null;
        try
        {
            return new TokenRule(algorithm, Text(issuer), [.. Parts(audiences).Select(Text)], [.. Parts(keys).Select(static key => Base64Url.DecodeFromChars(key))]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(string encoded) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded));
}
