using System.Net;
using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>How likely a request has what a test asks for: 0 or 1, but for shares.</summary>
internal static class TestJudge
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <returns>Null: it depends on the client's address, and nobody said which it has.</returns>
    public static double? Likelihood(RequestTest test, AskedRequest request)
    {
        var has = test.Part switch
        {
            RequestPart.Share => Share(test),
            RequestPart.Method => Is(Any(test, request.Method)),
            RequestPart.Path => Is(Any(test, request.Path)),
            RequestPart.Source => request.Source is { } source ? Is(test.Values.Any(network => NetworkKeys.Parse(network) is { } parsed && Sources.Holds(parsed, source))) : (double?)null,
            RequestPart.Header => Is(request.Lines(test.Name).Any(line => Any(test, line))),
            RequestPart.HeaderItem => Is(request.Lines(test.Name).Any(line => test.Match == TextMatch.Present || line.Split(',').Any(item => Any(test, item.Trim(' '))))),
            RequestPart.Cookie => Is(request.Lines("cookie").SelectMany(static line => line.Split(';')).Any(cookie => Named(cookie.Trim(' '), test.Name) is { } value && Any(test, value))),
            _ => throw new InvalidOperationException($"Unknown part {test.Part}."),
        };
        return test.IsNegated ? 1 - has : has;
    }

    /// <summary>Whether an expression in the form of <see cref="SafePattern"/> is found in a text; one that takes too long is not.</summary>
    public static Match? Find(string pattern, string text)
    {
        if (PatternCheck.Problem(pattern) is not null)
            return null;
        try
        {
            // PCRE's $ is the end, or what is before a last line feed, as here; no text that is looked at holds one.
            var match = Regex.Match(text, pattern, RegexOptions.CultureInvariant, Patience);
            return match.Success ? match : null;
        }
        catch (Exception failure) when (failure is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static double Is(bool has) => has ? 1 : 0;

    private static double Share(RequestTest test) => test.Total <= 0 || test.To <= test.From ? 0 : Math.Clamp((double)(test.To - test.From) / test.Total, 0, 1);

    private static bool Any(RequestTest test, string text)
    {
        var comparison = test.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return test.Match switch
        {
            TextMatch.Present => true,
            TextMatch.Equal => test.Values.Any(value => string.Equals(value, text, comparison)),
            TextMatch.Begin => test.Values.Any(value => text.StartsWith(value, comparison)),
            TextMatch.Pattern => test.Values.Any(pattern => pattern.StartsWith('^') && Find(test.IgnoresCase ? $"(?i:{pattern})" : pattern, text) is not null),
            _ => throw new InvalidOperationException($"Unknown match {test.Match}."),
        };
    }

    private static string? Named(string cookie, string name) =>
        cookie.StartsWith(name, StringComparison.Ordinal) && cookie.AsSpan(name.Length) is ['=', ..] ? cookie[(name.Length + 1)..].TrimEnd(' ') : null;
}

/// <summary>Addresses in networks, an IPv4 address in IPv6's clothes being what it stands for.</summary>
internal static class Sources
{
    public static bool Holds(IPNetwork network, IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);
    }
}
