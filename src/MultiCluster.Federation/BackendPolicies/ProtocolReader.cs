using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>What servers are spoken to in.</summary>
internal static class ProtocolReader
{
    public static BackendProtocol? Community(BackendAnnotations all)
    {
        var tls = all.Switch("secure-backends");
        var protocol = all.Text("backend-protocol") is { } text ? text.ToLowerInvariant() : null;
        if (protocol is "fcgi" or "fcgi-ssl")
        {
            all.Refuse("backend-protocol", $"is {Shown.Quoted(protocol)}, which needs an application in HAProxy's program; write h1, h2, h1-ssl or h2-ssl");
            protocol = null;
        }

        return (protocol, tls) switch
        {
            (null, null) => null,
            (null or "h1" or "http", true) or ("h1-ssl" or "https", _) => BackendProtocol.Https,
            ("h2" or "grpc", true) or ("h2-ssl" or "grpcs", _) => BackendProtocol.Http2Tls,
            ("h2" or "grpc", _) => BackendProtocol.Http2,
            _ => BackendProtocol.Http1,
        };
    }

    /// <summary>Over TLS that controller lets servers choose. Whoever names certificates for it wants TLS.</summary>
    public static BackendProtocol? Official(BackendAnnotations all) => (all.Text("server-proto"), all.Has("server-ca") || all.Has("server-crt") ? true : all.Switch("server-ssl")) switch
    {
        (null, null) => null,
        (_, true) => BackendProtocol.Http2Tls,
        ("h2", _) => BackendProtocol.Http2,
        _ => BackendProtocol.Http1,
    };

    public static BackendProtocol? Nginx(BackendAnnotations all)
    {
        if (all.Text("backend-protocol") is not { } text)
            return null;
        switch (text.ToUpperInvariant())
        {
            case "HTTP":
                return BackendProtocol.Http1;
            case "HTTPS":
                return BackendProtocol.Https;
            case "GRPC":
                return BackendProtocol.Http2;
            case "GRPCS":
                return BackendProtocol.Http2Tls;
            default:
                all.Refuse("backend-protocol", $"is {Shown.Quoted(text)}, which is not spoken here; write HTTP, HTTPS, GRPC or GRPCS");
                return null;
        }
    }

    /// <summary>"no" is no word of its own: the member's configuration may have one.</summary>
    public static ProxyHeader? CommunityHeader(BackendAnnotations all) => HeaderOf(all.Text("proxy-protocol"));

    public static ProxyHeader? OfficialHeader(BackendAnnotations all) => HeaderOf(all.Text("send-proxy-protocol") switch
    {
        "proxy" => "v1",
        { } text => text["proxy-".Length..],
        null => null,
    });

    private static ProxyHeader? HeaderOf(string? version) => version switch
    {
        "v1" => ProxyHeader.Version1,
        "v2" => ProxyHeader.Version2,
        "v2-ssl" => ProxyHeader.Version2Tls,
        "v2-ssl-cn" => ProxyHeader.Version2TlsName,
        "no" => ProxyHeader.Unsaid,
        _ => null,
    };
}
