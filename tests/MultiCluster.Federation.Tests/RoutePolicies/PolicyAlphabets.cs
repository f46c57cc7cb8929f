using System.Globalization;
using System.Text.Json;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

/// <summary>What the comments of policies promise of their values.</summary>
internal static class PolicyAlphabets
{
    private static readonly int[] RedirectCodes = [301, 302, 303, 307, 308];

    public static void Check(RoutePolicy policy)
    {
        if (policy.Sources is { } sources)
        {
            Networks(sources.Allow);
            Networks(sources.Deny);
            Assert.True(sources.Header is null || IsToken(sources.Header), sources.Header);
        }

        if (policy.BasicAuthentication is { } basic)
        {
            Assert.True(IsPrintable(basic.Realm) && !basic.Realm.AsSpan().ContainsAny("\"'\\"), basic.Realm);
            Assert.Equal(basic.Users.OrderBy(static user => user.Name, StringComparer.Ordinal), basic.Users);
            Assert.All(basic.Users, static user => Assert.True(IsWord(user.Name, ":\"'\\;") && IsWord(user.Hash, ":\"'\\;"), user.Name));
        }

        if (policy.Token is { } token)
        {
            Assert.Contains(token.Algorithm, TokenCheck.Algorithms);
            Assert.NotEmpty(token.Keys);
            Assert.All(token.Audiences.Append(token.Issuer ?? "-"), static text => Assert.True(IsPrintable(text) && text.Length > 0, text));
            Assert.True(token.Header is null || IsToken(token.Header), token.Header);
        }

        if (policy.ExternalAuthentication is { } external)
        {
            Assert.True(IsWord(external.Url, "\"'\\;$"), external.Url);
            Assert.True(external.Url.StartsWith('/') || Uri.TryCreate(external.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", external.Url);
            Assert.True(external.Method is null || IsToken(external.Method.ToLowerInvariant()), external.Method);
            Assert.True(external.SignIn is null || IsWord(external.SignIn, "\"'\\;"), external.SignIn);
            Assert.True(external.Redirect is null || IsWord(external.Redirect, "\"'\\;$"), external.Redirect);
            Assert.All(external.RequestHeaders.Concat(external.SuccessHeaders).Concat(external.FailureHeaders), static name => Assert.True(IsToken(name.Replace('*', 'x')), name));
        }

        Assert.Equal(policy.RateLimits.DistinctBy(static limit => (limit.Kind, limit.Period)), policy.RateLimits);
        foreach (var limit in policy.RateLimits)
        {
            Assert.InRange(limit.Limit, 1, 1_000_000_000);
            Assert.InRange(limit.Status, 200, 599);
            Assert.True(limit.Kind == RateLimitKind.Requests ? RateLimit.Periods.Contains(limit.Period) : limit.Period == TimeSpan.Zero);
            Networks(limit.Exempt);
        }

        Assert.True(policy.MaxBodyBytes is null or > 0);
        Assert.True(policy.HttpsRedirect is null || RedirectCodes.Contains(policy.HttpsRedirect.Code) && policy.HttpsRedirect.Port is null or (> 0 and < 65536));
        Assert.True(policy.Redirect is null || (IsWord(policy.Redirect.Target, "\"'\\;") && RedirectCodes.Contains(policy.Redirect.Code)), policy.Redirect?.ToString());
        Assert.True(policy.AppRoot is null || (policy.AppRoot.StartsWith('/') && IsWord(policy.AppRoot, "\"'\\;")), policy.AppRoot);
        if (policy.Cors is { } cors)
        {
            Assert.All(cors.Origins, static origin => Assert.True(IsWord(origin, "\"'\\;") && !origin.Any(char.IsAsciiLetterUpper), origin));
            Assert.All(cors.OriginPatterns, static pattern => Assert.True(SafePattern.IsSafe(pattern), pattern));
            Assert.True(IsPrintable(cors.Methods + cors.Headers + cors.ExposeHeaders) && !(cors.Methods + cors.Headers + cors.ExposeHeaders).AsSpan().ContainsAny("\"'\\;%"));
            Assert.True(cors.AnyOrigin || cors.Origins.Count + cors.OriginPatterns.Count > 0);
            Assert.True(cors.MaxAge >= 0 && !(cors.AnyOrigin && cors.Credentials));
        }

        Assert.True(policy.Hsts is null or { MaxAge: >= 0 });
        Assert.All(policy.RequestHeaders.Concat(policy.ResponseHeaders), static change => Assert.True(
            IsToken(change.Name) && IsPrintable(change.Value) && !change.Value.Contains("%[", StringComparison.Ordinal) && (change.Action != HeaderAction.Delete || change.Value.Length == 0), change.ToString()));
        foreach (var rewrite in policy.Rewrites)
        {
            Assert.True(SafePattern.IsSafe(rewrite.Pattern) && rewrite.Pattern[0] == '^', rewrite.Pattern);
            Assert.True(IsWord(rewrite.Replacement, "\"';?#"), rewrite.Replacement);
            for (var at = rewrite.Replacement.IndexOf('\\', StringComparison.Ordinal); at >= 0; at = rewrite.Replacement.IndexOf('\\', at + 1))
                Assert.True(at + 1 < rewrite.Replacement.Length && char.IsAsciiDigit(rewrite.Replacement[at + 1]), rewrite.Replacement);
        }

        foreach (var rewrite in new[] { policy.Location, policy.CookieDomain, policy.CookiePath })
            Assert.True(rewrite is null || (rewrite.From.Length > 0 && IsWord(rewrite.From + rewrite.To, "\"\\$|")), rewrite?.ToString());
        Assert.True(policy.UpstreamHost is null || IsWord(policy.UpstreamHost, "\"'\\;%*/"), policy.UpstreamHost);
        Assert.True(policy.ForwardedPrefix is null || (IsPrintable(policy.ForwardedPrefix) && !policy.ForwardedPrefix.AsSpan().ContainsAny("\"'\\;$")), policy.ForwardedPrefix);
        foreach (var time in new[] { policy.Timeouts?.Connect, policy.Timeouts?.Queue, policy.Timeouts?.Server, policy.Timeouts?.Tunnel })
            Assert.True(time is null || (time > TimeSpan.Zero && time.Value.TotalMilliseconds <= int.MaxValue), $"{time}");
    }

    /// <summary>Of every string in a policy, whatever it is of: nothing in it ends a line or a text.</summary>
    public static void CheckStrings(RoutePolicy policy)
    {
        using var json = JsonDocument.Parse(PolicyJson.Write(policy));
        foreach (var text in Strings(json.RootElement))
            Assert.True(IsPrintable(text), Show(text));
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static item => Strings(item.Value)),
        _ => [],
    };

    private static void Networks(EquatableArray<string> networks)
    {
        Assert.Equal(networks.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), networks);
        Assert.All(networks, static network => Assert.Equal(System.Net.IPNetwork.Parse(network).ToString(), network));
    }

    private static bool IsToken(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || "-_.!#$%&'*+^`|~".Contains(c, StringComparison.Ordinal));

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsWord(string text, string without) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny(without) && !text.Contains("%[", StringComparison.Ordinal);

    public static string Show(string value) => value.Length > 60 ? string.Create(CultureInfo.InvariantCulture, $"{value[..60]}... ({value.Length})") : value;
}
