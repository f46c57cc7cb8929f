using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// A session's cookie as a word of a real name, such as <c>session:SID:et:3600:OyBwYXRoPS8</c>: its name, letters, the seconds until it expires,
/// and the attributes that are the same for all requests, which HAProxy decodes.
/// </summary>
internal static class SessionText
{
    public const string Word = "session";

    public const char Expires = 'e';

    /// <summary>SameSite=None to those who know it.</summary>
    public const char SparesOldAgents = 'n';

    public const char Secure = 's';

    public const char SecureOverTls = 't';

    public const char YieldsToServers = 'y';

    private const string Flags = "ensty";

    public static string Write(SessionCookie cookie)
    {
        var attributes = new StringBuilder($"; path={cookie.Path}");
        if (cookie.Domain.Length > 0)
            attributes.Append("; domain=").Append(cookie.Domain);
        if (cookie.MaxAge is { } age)
            attributes.Append(CultureInfo.InvariantCulture, $"; Max-Age={age}");
        if (!cookie.IsScriptable)
            attributes.Append("; HttpOnly");
        if (cookie.IsPartitioned)
            attributes.Append("; Partitioned");
        var spares = cookie.SparesOldAgents && cookie.SameSite == SameSiteRule.None;
        if (cookie.SameSite != SameSiteRule.Unsaid && !spares)
            attributes.Append("; SameSite=").Append(cookie.SameSite);
        var flags = new StringBuilder();
        if (cookie.Expires is not null)
            flags.Append(Expires);
        if (spares)
            flags.Append(SparesOldAgents);
        if (cookie.Secure != SecureRule.Never)
            flags.Append(cookie.Secure == SecureRule.Always ? Secure : SecureOverTls);
        if (cookie.YieldsToServers)
            flags.Append(YieldsToServers);
        return string.Create(CultureInfo.InvariantCulture, $"{cookie.Name}:{flags}:{cookie.Expires ?? 0}:{PolicyWriter.Text(attributes.ToString())}");
    }

    /// <summary>Of the kind that <see cref="Write"/> writes.</summary>
    public static bool IsWritten(string text) => text.Split(':') is [var name, var flags, var age, var attributes]
        && HashKey.IsName(name) && flags.All(static flag => Flags.Contains(flag, StringComparison.Ordinal))
        && int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out _) && attributes.Length > 0
        && attributes.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
