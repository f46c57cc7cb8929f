using System.Globalization;
using System.Net.Http.Headers;
using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Http;

/// <summary>What is used of an answer.</summary>
/// <param name="Alternates">Other chains of the same certificate.</param>
internal sealed record AcmeResponse(
    int Status, ReadOnlyMemory<byte> Body, Uri? Location, string? Nonce, TimeSpan? RetryAfter, EquatableArray<string> Alternates)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public static AcmeResponse Of(HttpResponseMessage message, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var headers = message.Headers;
        return new AcmeResponse(
            (int)message.StatusCode, body, AcmeReader.Url(First(headers, "Location")), Nonce: First(headers, "Replay-Nonce") is { } nonce && IsNonce(nonce) ? nonce : null,
            Protocol.RetryAfter.Parse(First(headers, "Retry-After"), headers.Date, now), Links(headers).ToEquatableArray());
    }

    /// <param name="what">What was asked for: "new order for shop.example".</param>
    public AcmeError Error(string what, DateTimeOffset now)
    {
        var problem = AcmeReader.Problem(Body.Span);
        var said = problem?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"status {Status} without a reason");
        var kind = problem?.Type switch
        {
            AcmeProblem.RateLimited => AcmeErrorKind.RateLimited,
            AcmeProblem.AccountDoesNotExist => AcmeErrorKind.AccountUnknown,
            AcmeProblem.ServerInternal or AcmeProblem.BadNonce => AcmeErrorKind.Unreachable,
            _ when Status == 429 => AcmeErrorKind.RateLimited,
            _ when Status >= 500 => AcmeErrorKind.Unreachable,
            _ when Status is >= 300 and < 400 || problem is null => AcmeErrorKind.Malformed,
            _ => AcmeErrorKind.Refused,
        };
        return new AcmeError(kind, $"{what}: {said}")
        {
            Problem = problem,
            Host = problem?.Subproblems.Items.FirstOrDefault(static part => part.Host is not null)?.Host ?? problem?.Host,
            RetryAt = RetryAfter is { } wait ? now + wait : null,
        };
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>RFC 8555 §6.5.1: anything else is not to be used.</summary>
    private static bool IsNonce(string nonce) => nonce.Length is > 0 and <= 1024 && nonce.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>RFC 8288, as far as authorities use it: <c>&lt;https://...&gt;;rel="alternate"</c>, several of them with commas between.</summary>
    private static IEnumerable<string> Links(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Link", out var values))
            yield break;
        foreach (var link in values.SelectMany(static value => value.Split(",", StringSplitOptions.TrimEntries)))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (link.StartsWith('<') && end > 0 && link[end..].Replace("\"", "", StringComparison.Ordinal).Contains("rel=alternate", StringComparison.OrdinalIgnoreCase)
                && AcmeReader.Url(link[1..end]) is { } url)
            {
                yield return url.OriginalString;
            }
        }
    }
}
