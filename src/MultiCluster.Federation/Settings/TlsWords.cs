namespace MultiCluster.Federation.Settings;

/// <summary>Words about TLS that go into a configuration: none but these.</summary>
internal static class TlsWords
{
    private static readonly string[] Protocols = ["h2", "http/1.1", "http/1.0"];

    public static IReadOnlyList<string> Options { get; } =
    [
        "no-sslv3", "no-tlsv10", "no-tlsv11", "no-tlsv12", "no-tlsv13", "no-tls-tickets", "force-tlsv12", "force-tlsv13", "prefer-client-ciphers",
        "ssl-min-ver TLSv1.0", "ssl-min-ver TLSv1.1", "ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.3", "ssl-max-ver TLSv1.2", "ssl-max-ver TLSv1.3",
    ];

    public static bool IsAlpn(string value) => value.Split(',', StringSplitOptions.TrimEntries).All(static word => Protocols.Contains(word, StringComparer.Ordinal));

    public static bool AreOptions(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var option = words[i] is "ssl-min-ver" or "ssl-max-ver" && i + 1 < words.Length ? $"{words[i]} {words[++i]}" : words[i];
            if (!Options.Contains(option, StringComparer.Ordinal))
                return false;
        }

        return words.Length > 0;
    }

    public static bool AreCiphers(string value) => value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '+' or '!' or '@' or '=');
}
