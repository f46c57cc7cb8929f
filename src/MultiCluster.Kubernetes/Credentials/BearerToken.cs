using System.Buffers;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>What a bearer token may hold (RFC 6750, b64token, and any other visible character that a header lets through).</summary>
internal static class BearerToken
{
    /// <summary>It says nothing of the token itself.</summary>
    public const string Problem = "the token holds a line break, a blank or another character that no HTTP header may hold; write it as one line, without quotes that belong to it";

    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(0x21, 0x7e - 0x21 + 1).Select(static code => (char)code)]);

    public static bool IsUsable(string token) => token.Length > 0 && !token.AsSpan().ContainsAnyExcept(Visible);
}
