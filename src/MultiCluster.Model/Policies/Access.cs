using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>Which client addresses may ask. The longest network that holds an address decides; others follow <paramref name="OnlyAllowed"/>.</summary>
/// <param name="OnlyAllowed">Who is in no network of <paramref name="Allow"/> is refused, so that an empty list lets in nobody.</param>
/// <param name="Allow">Networks in canonical text, such as 10.0.0.0/8 or 2001:db8::/32; sorted.</param>
/// <param name="Deny">As above.</param>
/// <param name="Header">Lower case name of the header that the address is taken from; null: the connection's own.</param>
public sealed record SourceRules(bool OnlyAllowed, EquatableArray<string> Allow, EquatableArray<string> Deny, string? Header = null);

/// <summary>Requests need a name and password.</summary>
/// <param name="Realm">Printable ASCII without quotes and backslashes.</param>
/// <param name="Users">Sorted by name.</param>
public sealed record BasicAuthentication(string Realm, EquatableArray<UserPassword> Users);

/// <param name="Hash">As crypt(3) writes it, such as <c>$6$salt$…</c>, or <c>{SHA}…</c>, or <c>{CLEAR-SHA256}hex</c> of "name:password" where the password was written in clear.</param>
public sealed record UserPassword(string Name, string Hash);

/// <summary>A service that is asked about every request; 2xx lets it pass.</summary>
/// <param name="Url">http or https, absolute, without expressions; or a path, that the proxy asks itself for, of the request's own host.</param>
/// <param name="Method">Null: the request's own.</param>
/// <param name="RequestHeaders">Lower case patterns with '*' of headers of the request that the service sees.</param>
/// <param name="SuccessHeaders">Of its answer, that endpoints see.</param>
/// <param name="FailureHeaders">Of its answer, that a refused client sees.</param>
/// <param name="SignIn">
/// Where clients without an account go, by 302; null: they get the service's status. Of the request may stand in it <c>{scheme}</c>, <c>{host}</c>
/// with its port, <c>{name}</c> without it, <c>{path}</c>, <c>{uri}</c> with the query, and <c>{escaped}</c>, which is that as a parameter's value.
/// </param>
public sealed record ExternalAuthentication(
    string Url,
    string? Method,
    EquatableArray<string> RequestHeaders,
    EquatableArray<string> SuccessHeaders,
    EquatableArray<string> FailureHeaders,
    string? SignIn)
{
    /// <summary>X-Auth-Request-Redirect that the service sees, with what <see cref="SignIn"/> may have; null: none of ours.</summary>
    public string? Redirect { get; init; }

    public AuthCookies Cookies { get; init; }

    /// <summary>That are set in the question; values have what <see cref="SignIn"/> may have.</summary>
    public EquatableArray<HeaderChange> Headers { get; init; } = [];
}

/// <summary>Which cookies of the service clients get, besides those of endpoints.</summary>
public enum AuthCookies
{
    None,

    /// <summary>With answers that are no errors, and when they are sent to sign in.</summary>
    WithSuccess,

    Always,
}

public enum RateLimitKind
{
    /// <summary>Requests that begin within the period.</summary>
    Requests,

    /// <summary>Requests under way at once; the period counts for nothing.</summary>
    Connections,
}

/// <summary>For each client address by itself, at each proxy by itself.</summary>
/// <param name="Limit">1 to 1,000,000,000.</param>
/// <param name="Period">One of <see cref="Periods"/>; zero for <see cref="RateLimitKind.Connections"/>.</param>
/// <param name="Status">200 to 599.</param>
/// <param name="Exempt">Networks in canonical text that it does not count for; sorted.</param>
public sealed record RateLimit(RateLimitKind Kind, long Limit, TimeSpan Period, int Status, EquatableArray<string> Exempt)
{
    /// <summary>Those that the program has a table for.</summary>
    public static readonly EquatableArray<TimeSpan> Periods = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
}
