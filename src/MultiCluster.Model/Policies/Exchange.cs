using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>Requests in clear text are redirected to https.</summary>
/// <param name="Code">301, 302, 303, 307 or 308.</param>
/// <param name="Port">Null: the default one, not written.</param>
public sealed record HttpsRedirect(int Code, int? Port = null);

public enum RedirectionKind
{
    /// <summary>The target is the whole Location.</summary>
    Url,

    /// <summary>The target takes the place of the host, "host" or "host:port"; scheme, path and query stay.</summary>
    Host,

    /// <summary>As Url, with path and query of the request behind it.</summary>
    Prefix,
}

/// <param name="Target">Printable ASCII without blanks, quotes, backslashes and control characters.</param>
/// <param name="Code">301, 302, 303, 307 or 308.</param>
public sealed record Redirection(RedirectionKind Kind, string Target, int Code);

/// <summary>Cross-origin requests, as the Fetch standard has them.</summary>
/// <param name="AnyOrigin">Every origin is allowed.</param>
/// <param name="Origins">Otherwise: lower case origins such as <c>https://shop.example</c>, or <c>https://*.shop.example</c> for one label.</param>
/// <param name="OriginPatterns">And: expressions that the whole origin must match, in the form of <see cref="SafePattern"/>.</param>
/// <param name="Methods">Value of Access-Control-Allow-Methods.</param>
/// <param name="Headers">Value of Access-Control-Allow-Headers.</param>
/// <param name="ExposeHeaders">Value of Access-Control-Expose-Headers; empty: not sent.</param>
/// <param name="MaxAge">In seconds.</param>
public sealed record CorsPolicy(
    bool AnyOrigin,
    EquatableArray<string> Origins,
    EquatableArray<string> OriginPatterns,
    string Methods,
    string Headers,
    string ExposeHeaders,
    bool Credentials,
    long MaxAge);

/// <summary>Strict-Transport-Security (RFC 6797), on answers over TLS.</summary>
/// <param name="MaxAge">In seconds.</param>
public sealed record HstsPolicy(long MaxAge, bool IncludeSubDomains, bool Preload);

public enum HeaderAction
{
    Set,
    Add,
    Delete,
}

/// <param name="Name">A token (RFC 9110), lower case.</param>
/// <param name="Value">Printable text without control characters; empty for <see cref="HeaderAction.Delete"/>.</param>
public sealed record HeaderChange(HeaderAction Action, string Name, string Value);

/// <summary>What one text is, or begins with, has another in its place for clients.</summary>
/// <param name="From">Printable ASCII without blanks, quotes, backslashes and '|'; not empty.</param>
/// <param name="To">The same; may be empty.</param>
public sealed record AnswerRewrite(string From, string To);

/// <summary>The path that endpoints see; the query stays.</summary>
/// <param name="Pattern">Matched against the path as it came, in the form of <see cref="SafePattern"/>.</param>
/// <param name="Replacement">
/// Takes the place of the whole path: printable ASCII, in which <c>\0</c> to <c>\9</c> stand for groups and no other backslash occurs.
/// </param>
public sealed record PathRewrite(string Pattern, string Replacement);

/// <summary>Null: as the program has it.</summary>
public sealed record RouteTimeouts
{
    public TimeSpan? Connect { get; init; }

    public TimeSpan? Queue { get; init; }

    public TimeSpan? Server { get; init; }

    public TimeSpan? Tunnel { get; init; }
}

public enum ForwardedFor
{
    /// <summary>X-Forwarded-For goes on as it came.</summary>
    Keep,

    /// <summary>It holds the client's address alone.</summary>
    Replace,

    /// <summary>It is taken away.</summary>
    Remove,
}
