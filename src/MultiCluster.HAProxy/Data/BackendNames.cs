using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>Names of backends and servers: real ones wherever HAProxy lets us choose.</summary>
public static class BackendNames
{
    /// <summary>Real name, such as <c>web/cart:http@aws,gcp</c>; see <see cref="PlaceKey"/>.</summary>
    public static string RealName(PlaceKey key) => key.ToString();

    /// <summary>False for a key that no Kubernetes API server would let through; nothing of it reaches HAProxy.</summary>
    public static bool IsUsable(PlaceKey key) => SafeText.IsValue(RealName(key)) && SafeText.IsName(Dynamic(key));

    /// <summary>Reads what <see cref="RealName"/> wrote; null for anything else (a map edited by hand).</summary>
    public static PlaceKey? Parse(string text)
    {
        PlaceVariant? variant = null;
        var mark = text.IndexOf($"|{PlaceVariant.Mark}", StringComparison.Ordinal);
        if (mark >= 0)
        {
            variant = PlaceVariant.Parse(text[(mark + 2)..]);
            if (variant is null)
                return null;
            text = text[..mark];
        }

        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0)
            return ParseBackend(text) is { } plain ? new PlaceKey(plain, null, variant) : null;
        return ParseBackend(text[..bar]) is { Members.Count: 1 } backend && GroupKind.Parse(text[(bar + 1)..]) is { } kind && (variant is null || variant.Profile == kind.Profile)
            ? new PlaceKey(backend, kind, variant)
            : null;
    }

    private static BackendKey? ParseBackend(string text)
    {
        var at = text.LastIndexOf('@');
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var colon = at < 0 ? -1 : text.LastIndexOf(':', at);
        if (slash <= 0 || colon <= slash || at <= colon || at == text.Length - 1)
            return null;
        var port = text[(colon + 1)..at];
        var reference = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? PortRef.Numbered(number)
            : PortRef.Named(port);
        var members = text[(at + 1)..].Split(',').Select(static m => new MemberName(m)).ToEquatableArray();
        return new BackendKey(new BackendRef(new ObjectKey(text[..slash], text[(slash + 1)..colon]), reference), members);
    }

    /// <summary>
    /// Name of a backend made with <c>add backend</c>: readable, and unique through a digest, since '_' stands for what
    /// HAProxy does not take in a name.
    /// </summary>
    public static string Dynamic(PlaceKey key)
    {
        var digest = Digest(RealName(key))[..8];
        var (service, port) = key.Backend.Ref;
        return key.Group is null
            ? $"{service.Namespace}_{service.Name}_{port}_{digest}"
            : $"{service.Namespace}_{service.Name}_{port}_{key.Member}_{digest}";
    }

    /// <param name="server">As in <see cref="Server"/>.</param>
    /// <returns>Null for a name that hands have given.</returns>
    public static MemberName? MemberOf(string server) =>
        server.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? new MemberName(server[..colon]) : null;

    /// <summary>
    /// Such as <c>aws:cart-7d9f:10.0.0.7:8080</c>. The name holds the address, so an equal name is an equal server. What can't be changed
    /// of a server that runs is in its name too: <c>:c</c> for one that is checked, <c>t</c> for TLS, <c>T</c> for TLS with a verified
    /// certificate, <c>p</c> for the PROXY protocol, and a digest of the name that checks ask for and of what else a policy says of
    /// servers, such as <c>aws:cart-7d9f:10.0.0.7:8443:cT-1f0c2a</c>.
    /// </summary>
    /// <param name="more">See <see cref="PlaceVariant.ServerText"/>.</param>
    public static string Server(
        MemberName member, BackendEndpoint endpoint, int port, EndpointTransport transport = default, bool isChecked = false, string checkName = "", string more = "")
    {
        var pod = endpoint.Pod.Length == 0 || !DnsNames.IsSubdomain(endpoint.Pod) ? "-" : endpoint.Pod;
        var (check, tls, proxy) = (isChecked ? "c" : "", transport.Tls ? transport.VerifyTls ? "T" : "t" : "", transport.ProxyProtocol ? "p" : "");
        var rest = more.Length == 0 ? checkName : $"{checkName}|{more}";
        var digest = rest.Length == 0 ? "" : $"-{Digest(rest)[..6]}";
        var isPlain = !isChecked && !transport.Tls && !transport.ProxyProtocol && rest.Length == 0;
        return string.Create(CultureInfo.InvariantCulture, $"{member}:{pod}:{endpoint.Address}:{port}{(isPlain ? "" : ":")}{check}{tls}{proxy}{digest}");
    }

    /// <summary>The name of a server without how it is used: servers of one endpoint have it in common.</summary>
    public static ReadOnlySpan<char> Endpoint(string server)
    {
        var last = server.LastIndexOf(':');
        return last > 0 && last + 1 < server.Length && !char.IsAsciiDigit(server[last + 1]) ? server.AsSpan(0, last) : server;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
