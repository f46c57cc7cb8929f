using System.Text;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>Cookies that bind sessions to servers. An attribute that can't be read is left out: the session is bound all the same.</summary>
internal static class SessionReader
{
    private const string DefaultName = "INGRESSCOOKIE";

    public static SessionCookie? Community(BackendAnnotations all)
    {
        if (all.Text("affinity") is null)
            return null;
        if (all.Text("session-cookie-strategy") is { } strategy and not "insert")
            all.Refuse("session-cookie-strategy", $"is {Shown.Quoted(strategy)}, which would change a cookie of the servers' own; the cookie is inserted beside it: write insert, or remove it");
        var isNone = all.Switch("session-cookie-same-site") is true;
        var cookie = new SessionCookie(NameOf(all, "session-cookie-name"))
        {
            Domain = DomainOf(all) ?? "",
            SameSite = isNone ? SameSiteRule.None : SameSiteRule.Unsaid,
            Secure = isNone ? SecureRule.Always : SecureRule.Never,
            YieldsToServers = all.Switch("session-cookie-preserve") is true,
        };
        return all.Text("session-cookie-keywords") is { } words ? WithWords(all, cookie, words) : cookie;
    }

    public static SessionCookie? Official(BackendAnnotations all)
    {
        foreach (var key in (string[])["cookie-persistence", "cookie-persistence-no-dynamic"])
        {
            if (all.Text(key) is not { } name)
                continue;
            if (HashKey.IsName(name))
                return new SessionCookie(name);
            Refuse(all, key, name);
        }

        return null;
    }

    /// <summary>Its path is empty where nobody says it: that controller takes the path of the rule, so that two of them may have one name.</summary>
    public static SessionCookie? Nginx(BackendAnnotations all)
    {
        if (all.Text("affinity") is null)
            return null;
        return new SessionCookie(NameOf(all, "session-cookie-name"))
        {
            Path = PathOf(all) ?? "",
            Domain = DomainOf(all) ?? "",
            MaxAge = all.Number("session-cookie-max-age", 0, int.MaxValue),
            Expires = all.Number("session-cookie-expires", 0, int.MaxValue),
            SameSite = all.Text("session-cookie-samesite")?.ToLowerInvariant() switch
            {
                "none" => SameSiteRule.None,
                "lax" => SameSiteRule.Lax,
                "strict" => SameSiteRule.Strict,
                _ => SameSiteRule.Unsaid,
            },
            SparesOldAgents = all.Switch("session-cookie-conditional-samesite-none") is true,
            Secure = all.Switch("session-cookie-secure") switch
            {
                true => SecureRule.Always,
                false => SecureRule.Never,
                null => SecureRule.OverTls,
            },
            IsPartitioned = all.Switch("session-cookie-partitioned") is true,
        };
    }

    /// <summary>The path of a rule as browsers write it; of one that is too long, or holds what no cookie may, that of the whole host.</summary>
    public static string PathOf(string rule)
    {
        var path = new StringBuilder();
        foreach (var item in Encoding.UTF8.GetBytes(rule))
            path.Append(item is > 0x20 and < 0x7f ? ((char)item).ToString() : $"%{item:X2}");
        var text = path.ToString();
        return SessionCookie.IsPath(text) ? text : SessionCookie.DefaultPath;
    }

    private static string NameOf(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } name)
            return DefaultName;
        if (HashKey.IsName(name))
            return name;
        Refuse(all, key, name);
        return DefaultName;
    }

    private static void Refuse(BackendAnnotations all, string key, string name) =>
        all.Refuse(key, $"is {Shown.Quoted(name)}; write a name of at most {HashKey.MaxName} letters, digits, '-', '_' and '.'");

    private static string? DomainOf(BackendAnnotations all)
    {
        if (all.Text("session-cookie-domain") is not { } text)
            return null;
        var domain = text.ToLowerInvariant();
        if (SessionCookie.IsDomain(domain) && DnsNames.IsSubdomain(domain.TrimStart('.')))
            return domain;
        all.Refuse("session-cookie-domain", $"is {Shown.Quoted(text)}; write a domain such as shop.example");
        return null;
    }

    private static string? PathOf(BackendAnnotations all)
    {
        if (all.Text("session-cookie-path") is not { } path)
            return null;
        if (SessionCookie.IsPath(path))
            return path;
        all.Refuse("session-cookie-path", $"is {Shown.Quoted(path)}; write a path of at most {SessionCookie.MaxPath} characters that begins with /");
        return null;
    }

    /// <summary>Words of HAProxy's <c>cookie</c> line. Without HttpOnly among them there is none.</summary>
    private static SessionCookie WithWords(BackendAnnotations all, SessionCookie cookie, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(words, static word => word is not ("indirect" or "nocache" or "httponly" or "secure" or "preserve")) is { } unknown)
        {
            all.Refuse("session-cookie-keywords", $"has {Shown.Quoted(unknown)}, which is none of indirect, nocache, httponly, secure and preserve; remove it");
            return cookie;
        }

        return cookie with
        {
            IsScriptable = !words.Contains("httponly", StringComparer.Ordinal),
            Secure = words.Contains("secure", StringComparer.Ordinal) ? SecureRule.Always : cookie.Secure,
            YieldsToServers = cookie.YieldsToServers || words.Contains("preserve", StringComparer.Ordinal),
        };
    }
}
