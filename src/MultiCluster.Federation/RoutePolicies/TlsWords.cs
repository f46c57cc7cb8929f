namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Words about TLS with clients, of a host or of all: read once, and written anew, since they become part of a configuration. What HAProxy would
/// refuse, and all of its program with it, is none.
/// </summary>
internal static class TlsWords
{
    private const int MaxText = 1024;

    private static readonly string[] Protocols = ["h2", "http/1.1", "http/1.0"];

    /// <returns>Null when the value holds anything else.</returns>
    public static string? Alpn(string value)
    {
        var protocols = value.Split(',', StringSplitOptions.TrimEntries);
        return protocols.All(static word => Protocols.Contains(word, StringComparer.Ordinal)) ? string.Join(',', protocols.Distinct(StringComparer.Ordinal)) : null;
    }

    /// <summary>Names up to TLS 1.2, of which one at least has to be known.</summary>
    public static bool AreCiphers(string value) =>
        value.Length <= MaxText && value.Split(':') is var words && words.All(CipherNames.IsWord) && words.Any(CipherNames.IsCipher);

    /// <summary>Names of TLS 1.3.</summary>
    public static bool AreSuites(string value) => value.Length <= MaxText && value.Split(':').All(CipherNames.IsSuite);
}
