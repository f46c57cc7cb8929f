using System.Buffers;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Routing;

/// <summary>The Host header as the proxy compares it.</summary>
public static class RequestHost
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>
    /// Lower case, without port and one trailing dot. Whatever could be taken for a path or a wildcard is refused, else
    /// <c>Host: shop.example/public</c> would borrow the route of another path. No host at all matches what takes every host.
    /// </summary>
    public static CanonicalText Canonicalise(string raw)
    {
        var host = HostNames.Lower(WithoutPort(raw));
        if (host.Length > 2 && host[0] == '[')
            return host[^1] == ']' && IpText.IsIPv6(host[1..^1]) ? new CanonicalText(host, null) : Refuse(raw);
        if (host.EndsWith('.'))
            host = host[..^1];
        return host.Length > DnsNames.MaxSubdomainLength || host.AsSpan().ContainsAnyExcept(Allowed)
            ? Refuse(raw)
            : new CanonicalText(host, null);
    }

    private static string WithoutPort(string raw)
    {
        var colon = raw.LastIndexOf(':');
        var digits = raw.Length - colon - 1;
        return colon >= 0 && digits is <= 5 && !raw.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') ? raw[..colon] : raw;
    }

    private static CanonicalText Refuse(string raw) => new("", $"Host {Shown.Quoted(raw)} is no host name");
}
