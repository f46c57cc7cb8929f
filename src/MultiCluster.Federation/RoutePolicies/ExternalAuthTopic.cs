using System.Net;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Security;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>A service that is asked about every request. Where none can be asked that was meant to be, the route is closed.</summary>
internal static class ExternalAuthTopic
{
    private const string Key = "auth-url";
    private const string SignIn = "auth-signin";
    private const string Closed = ", and until then every request is refused";
    private const string Get = "GET";
    private const int MaxLength = 2048;

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.Has(Key))
            return OauthTopic.Read(annotations, context, policy);
        OauthTopic.Yield(annotations);
        var method = annotations.Text("auth-method") ?? Get;
        return Policy(annotations, policy, new ExternalAuthentication(
            Url(annotations) ?? "",
            method == "*" ? null : Method(annotations, method),
            Names(annotations, "auth-headers-request", "*"),
            Names(annotations, "auth-headers-succeed", "*"),
            Names(annotations, "auth-headers-fail", "*"),
            SignInUrl(annotations)));
    }

    /// <summary>nginx shows the service all headers, endpoints those that are named, and a refused client how to authenticate.</summary>
    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) => annotations.Has(Key)
        ? Policy(annotations, policy, new ExternalAuthentication(
            RequestVariables.PathOfOwnHost(annotations.Text(Key)) ?? Url(annotations) ?? "",
            Method(annotations, annotations.Text("auth-method") ?? Get),
            ["*"],
            Names(annotations, "auth-response-headers", ""),
            ["www-authenticate"],
            NginxSignIn(annotations))
        {
            Redirect = NginxRedirect(annotations),
            Headers = NamedHeaders.Question(annotations, context),
            Cookies = annotations.Switch("auth-always-set-cookie") == true ? AuthCookies.Always : AuthCookies.WithSuccess,
        })
        : null;

    /// <summary>With the address to come back to, unless there is one.</summary>
    private static string? NginxSignIn(FamilyAnnotations annotations)
    {
        var parameter = annotations.Text("auth-signin-redirect-param") ?? "rd";
        if (annotations.Text(SignIn) is not { } written)
            return null;
        if (RequestVariables.Fill(written) is not { Length: <= MaxLength } url || !ValueChecks.IsUrl(RequestVariables.Sample(url)))
        {
            annotations.Refuse(SignIn, $"is {Shown.Quoted(written)}; write a URL, with no variables but {RequestVariables.Names}");
            return null;
        }

        var query = url.IndexOf('?', StringComparison.Ordinal);
        var isThere = query >= 0 && url[(query + 1)..].Split('&').Any(item => item.StartsWith(parameter + "=", StringComparison.Ordinal) && item.Length > parameter.Length + 1);
        return isThere ? url : $"{url}{(query < 0 ? '?' : '&')}{parameter}={{scheme}}://{{host}}{{escaped}}";
    }

    private static string NginxRedirect(FamilyAnnotations annotations)
    {
        const string RedirectKey = "auth-request-redirect";
        const string Otherwise = "{uri}";
        if (annotations.Text(RedirectKey) is not { } written)
            return Otherwise;
        if (RequestVariables.Fill(written) is { Length: > 0 and <= MaxLength } url && !url.Contains(' ', StringComparison.Ordinal))
            return url;
        annotations.Refuse(RedirectKey, $"is {Shown.Quoted(written)}; write a URL, with no variables but {RequestVariables.Names}");
        return Otherwise;
    }

    private static RoutePolicy Policy(FamilyAnnotations annotations, RoutePolicy policy, ExternalAuthentication external) =>
        external.Url.Length == 0 ? policy with { Closed = true, ExternalAuthentication = null } : policy with { ExternalAuthentication = external };

    private static string? Url(FamilyAnnotations annotations)
    {
        if (annotations.Text(Key, Closed) is not { } written)
            return null;
        if (!IsUrl(written) || !Uri.TryCreate(written, UriKind.Absolute, out var url))
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}; write http(s)://host[:port]/path, without variables but $host for the route's own{Closed}");
        else if (url.UserInfo.Length > 0 || !IsReachable(url))
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}, of the proxy's own machine or network, or with a password; name a service{Closed}");
        else
            return written;
        return null;
    }

    private static bool IsUrl(string value) =>
        value.Length <= MaxLength && !value.StartsWith('/') && !value.Contains('$', StringComparison.Ordinal) && ValueChecks.IsUrl(value);

    /// <summary>The proxy's own ports, and where clouds serve a machine's credentials, are no tenant's to ask. Names are looked up, and judged, later.</summary>
    public static bool IsReachable(Uri url)
    {
        var host = url.IdnHost.Trim('[', ']');
        if (!IpText.IsIPv4(host) && !IpText.IsIPv6(host))
            return host.Length > 0 && host != "localhost" && !host.EndsWith(".localhost", StringComparison.Ordinal);
        return IpText.Read(host) is { IsLoopback: false } && IPAddress.TryParse(host, out var address) && !MachineAddresses.Holds(address);
    }

    private static string Method(FamilyAnnotations annotations, string method)
    {
        if (method.Length <= 16 && method.All(static c => char.IsAsciiLetterUpper(c) || c == '-'))
            return method;
        annotations.Refuse("auth-method", $"is {Shown.Quoted(method)}; write a method such as GET or POST");
        return Get;
    }

    /// <summary>"-" is none.</summary>
    private static EquatableArray<string> Names(FamilyAnnotations annotations, string key, string otherwise)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var written = annotations.Parts(key) ?? otherwise;
        foreach (var name in written == "-" ? [] : written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (name.Length <= 128 && ValueChecks.IsName(name.Replace('*', 'x')) && names.Count < 64)
                names.Add(name.ToLowerInvariant());
            else
                annotations.Refuse(key, $"holds {Shown.Quoted(name)}, which counts for nothing; write at most 64 names of headers divided by commas, with * for any text");
        }

        return names.ToEquatableArray();
    }

    /// <summary>Without one that can be read clients get the service's status.</summary>
    private static string? SignInUrl(FamilyAnnotations annotations)
    {
        if (annotations.Text(SignIn) is not { } url)
            return null;
        if (url.Length <= MaxLength && !url.Contains('$', StringComparison.Ordinal) && ValueChecks.IsUrl(url))
            return url;
        annotations.Refuse(SignIn, $"is {Shown.Quoted(url)}; write a URL without variables");
        return null;
    }
}
