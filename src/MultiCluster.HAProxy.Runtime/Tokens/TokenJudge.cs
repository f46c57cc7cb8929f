using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace MultiCluster.HAProxy.Runtime.Tokens;

/// <summary>Until when a JSON Web Token is good (RFC 7519, RFC 8725). Total: whatever is odd about it makes it no good.</summary>
internal static class TokenJudge
{
    public const int MaxRule = 12 * 1024;

    public const int MaxToken = 8192;

    /// <summary>HAProxy's counters have 32 bits.</summary>
    private const long Forever = uint.MaxValue;

    /// <summary>In seconds: by as much may the clock of who signs be ahead of ours.</summary>
    private const int Leeway = 5;

    /// <summary>A name that is there twice could be read in two ways.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <returns>The second since 1970 from which on it is worth nothing; null when it is worth nothing now.</returns>
    public static long? GoodUntil(TokenRule rule, string token, DateTimeOffset now)
    {
        if (token.Length > MaxToken || token.Split('.') is not [var head, var body, var signature])
            return null;
        try
        {
            using var header = JsonDocument.Parse(Decode(head), Strict);
            using var claims = JsonDocument.Parse(Decode(body), Strict);
            if (header.RootElement.ValueKind != JsonValueKind.Object || claims.RootElement.ValueKind != JsonValueKind.Object
                || !IsText(header.RootElement, "alg", rule.Algorithm) || header.RootElement.TryGetProperty("crit", out _))
            {
                return null;
            }

            var (content, sign) = (Encoding.ASCII.GetBytes($"{head}.{body}"), Decode(signature));
            return Until(rule, claims.RootElement, now) is { } last && rule.Keys.Any(key => TokenSignature.IsBy(key, rule.Algorithm, content, sign)) ? last : null;
        }
        catch (Exception odd) when (odd is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static long? Until(TokenRule rule, JsonElement claims, DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        if (rule.Issuer.Length > 0 && !IsText(claims, "iss", rule.Issuer))
            return null;
        if (rule.Audiences.Count > 0 && !rule.Audiences.Any(audience => IsFor(claims, audience)))
            return null;
        if (claims.TryGetProperty("nbf", out var first) && (Second(first) is not { } begin || begin > second + Leeway))
            return null;
        if (!claims.TryGetProperty("exp", out var end))
            return Forever;
        return Second(end) is { } last && last > second ? Math.Min(last, Forever) : null;
    }

    /// <summary>aud is one text, or an array of them.</summary>
    private static bool IsFor(JsonElement claims, string audience) => claims.TryGetProperty("aud", out var aud) && aud.ValueKind switch
    {
        JsonValueKind.String => aud.GetString() == audience,
        JsonValueKind.Array => aud.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == audience),
        _ => false,
    };

    private static bool IsText(JsonElement element, string name, string value) =>
        element.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() == value;

    /// <summary>A number may have a fraction, and what no calendar has is none.</summary>
    private static long? Second(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && number is >= 0 and < 1e15 ? (long)Math.Floor(number) : null;

    /// <summary>No padding, blanks or characters of another base64.</summary>
    private static byte[] Decode(string part) => part.Length > 0 && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? Base64Url.DecodeFromChars(part)
        : throw new FormatException();
}
