using System.Buffers;

namespace MultiCluster.Model.Policies;

public enum SameSiteRule
{
    /// <summary>The attribute is not there: browsers take it as Lax.</summary>
    Unsaid,
    None,
    Lax,
    Strict,
}

public enum SecureRule
{
    Never,

    /// <summary>Where the request came over TLS.</summary>
    OverTls,
    Always,
}

/// <summary>A cookie that binds a session to the server that it began with. What it holds is HAProxy's own, the same at every proxy.</summary>
/// <param name="Name">As <see cref="HashKey.IsName"/> has it.</param>
public sealed record SessionCookie(string Name)
{
    public const int MaxPath = 256;

    public const string DefaultPath = "/";

    /// <summary>Other than RFC 6265 needs it, without blanks and quotes too.</summary>
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,=:@/%#?[]{}|^<>");

    private static readonly SearchValues<char> DomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>As <see cref="IsPath"/> has it.</summary>
    public string Path { get; init; } = DefaultPath;

    /// <summary>As <see cref="IsDomain"/> has it; empty: the request's host alone.</summary>
    public string Domain { get; init; } = "";

    /// <summary>In seconds, 0 to <see cref="int.MaxValue"/>; null: it goes with the browser's session.</summary>
    public int? MaxAge { get; init; }

    /// <summary>The same by a date, for those that know no other.</summary>
    public int? Expires { get; init; }

    public SameSiteRule SameSite { get; init; }

    /// <summary>With <see cref="SameSiteRule.None"/>: not to browsers that take it as Strict or refuse the cookie.</summary>
    public bool SparesOldAgents { get; init; }

    public SecureRule Secure { get; init; }

    /// <summary>Without HttpOnly.</summary>
    public bool IsScriptable { get; init; }

    public bool IsPartitioned { get; init; }

    /// <summary>Where a server sets a cookie of that name itself, it goes out alone.</summary>
    public bool YieldsToServers { get; init; }

    public static bool IsPath(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxPath && text[0] == '/' && !text.ContainsAnyExcept(PathCharacters);

    public static bool IsDomain(ReadOnlySpan<char> text) => text.Length is > 0 and <= 253 && !text.ContainsAnyExcept(DomainCharacters);
}
