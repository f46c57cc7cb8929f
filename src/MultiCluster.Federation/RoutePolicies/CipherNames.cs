using System.Text.RegularExpressions;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Ciphers in OpenSSL's words. A list of which it knows none is refused by HAProxy, certificate and all; so one at least has to be of those that
/// every OpenSSL has that HAProxy is built with.
/// </summary>
internal static partial class CipherNames
{
    private static readonly string[] Known =
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305", "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384",
        "DHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA", "AES128-GCM-SHA256", "AES256-GCM-SHA384",
        "AES128-SHA256", "AES256-SHA256", "AES128-SHA", "AES256-SHA", "HIGH", "DEFAULT", "ALL", "EECDH", "ECDHE", "AESGCM", "EECDH+AESGCM",
    ];

    private static readonly string[] Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"];

    public static bool IsSuite(string word) => Suites.Contains(word, StringComparer.Ordinal);

    public static bool IsCipher(string word) => Known.Contains(word, StringComparer.Ordinal);

    /// <summary>Words that OpenSSL does not know it passes over; those that begin with '@' it has to know.</summary>
    public static bool IsWord(string word) => Word().IsMatch(word);

    [GeneratedRegex("^([!+-]?[A-Za-z0-9][A-Za-z0-9+_-]*|@STRENGTH)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
