using System.Buffers;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.Routing;

/// <summary>The Host header as the proxy compares it.</summary>
public static class RequestHost
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly SearchValues<char> AllowedInBrackets = SearchValues.Create("0123456789abcdef:.");

    /// <summary>
    /// Lower case, without port and trailing dots. Whatever could be taken for a path or a wildcard is refused, else
    /// <c>Host: shop.example/public</c> would borrow the route of another path. No host at all matches what takes every host.
    /// </summary>
    public static CanonicalText Canonicalise(string raw)
    {
        var host = HostNames.Lower(WithoutPort(raw));
        return IsName(host) || IsBracketed(host)
            ? new CanonicalText(host.TrimEnd('.'), null)
            : new CanonicalText("", $"Host {Shown.Quoted(raw)} is no host name");
    }

    /// <summary>An empty first label is none that a wildcard could stand for.</summary>
    private static bool IsName(string host) =>
        host.Length == 0 || (host[0] != '.' && !host.AsSpan().ContainsAnyExcept(Allowed));

    private static bool IsBracketed(string host) =>
        host.Length > 2 && host[0] == '[' && host[^1] == ']' && !host.AsSpan(1, host.Length - 2).ContainsAnyExcept(AllowedInBrackets);

    private static string WithoutPort(string raw)
    {
        var colon = raw.LastIndexOf(':');
        return colon >= 0 && !raw.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') ? raw[..colon] : raw;
    }
}
