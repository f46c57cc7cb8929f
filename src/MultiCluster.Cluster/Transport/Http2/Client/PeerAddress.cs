using System.Globalization;
using System.Net;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>Where a process listens: <c>host:port</c>, <c>[v6]:port</c> or <c>unix:/path</c>.</summary>
/// <param name="Host">Null for a unix socket.</param>
/// <param name="Path">Null for TCP.</param>
internal sealed record PeerAddress(string? Host, int Port, string? Path)
{
    private const string UnixPrefix = "unix:";

    /// <summary>Stays on this machine whatever it resolves to; a name may resolve to anything.</summary>
    public bool IsLocal => Path is not null || Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IsLoopback(address));

    /// <summary>The framework's own answer is false for ::ffff:127.0.0.2, which is what a socket of both families calls 127.0.0.2.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    public static (PeerAddress? Address, string? Error) Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return text.Length > UnixPrefix.Length && text[UnixPrefix.Length] == '/'
                ? (new PeerAddress(null, 0, text[UnixPrefix.Length..]), null)
                : (null, $"address '{text}' must be unix: and an absolute path");
        }
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : "";
        var isV6 = host.StartsWith('[') && host.EndsWith(']');
        if (isV6)
            host = host[1..^1];
        return host.Length > 0
            && isV6 == host.Contains(':', StringComparison.Ordinal)
            && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 0 and <= ushort.MaxValue
                ? (new PeerAddress(host, port, null), null)
                : (null, $"address '{text}' must be host:port, [v6]:port or unix:/path");
    }

    /// <summary>What the request says; a unix socket has no name of its own.</summary>
    public Uri ToUri(bool tls, string path) => new UriBuilder(tls ? "https" : "http", Host ?? "localhost", Path is null ? Port : tls ? 443 : 80, path).Uri;

    public override string ToString() => Path is not null ? UnixPrefix + Path : Host!.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
