using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>How TLS is spoken with clients of a host: protocols, ciphers, versions. A bad value leaves that part as it is for all.</summary>
internal static class HostTlsTopic
{
    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        With(policy, Options(annotations, new HostTls
        {
            Protocols = Alpn(annotations),
            Ciphers = Ciphers(annotations, "ssl-ciphers", isSuites: false),
            CipherSuites = Ciphers(annotations, "ssl-cipher-suites", isSuites: true),
        }));

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        With(policy, new HostTls { Ciphers = Ciphers(annotations, "ssl-ciphers", isSuites: false) });

    private static RoutePolicy? With(RoutePolicy policy, HostTls tls) => tls == new HostTls() ? null : policy with { HostTls = tls };

    private static string? Alpn(FamilyAnnotations annotations)
    {
        if (annotations.Text("tls-alpn") is not { } written)
            return null;
        if (TlsWords.Alpn(written) is { } protocols)
            return protocols;
        annotations.Refuse("tls-alpn", $"is {Shown.Quoted(written)}; write h2, http/1.1 or both, divided by a comma");
        return null;
    }

    private static string? Ciphers(FamilyAnnotations annotations, string key, bool isSuites)
    {
        if (annotations.Text(key) is not { } written)
            return null;
        if (isSuites ? TlsWords.AreSuites(written) : TlsWords.AreCiphers(written))
            return written;
        annotations.Refuse(key, isSuites
            ? $"is {Shown.Quoted(written)}; write TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 or TLS_CHACHA20_POLY1305_SHA256, divided by colons"
            : $"is {Shown.Quoted(written)}; write names such as ECDHE-RSA-AES128-GCM-SHA256, divided by colons, of which at least one is known");
        return null;
    }

    private static HostTls Options(FamilyAnnotations annotations, HostTls tls)
    {
        if (annotations.Text("ssl-options-host") is not { } written)
            return tls;
        var options = TlsOptionWords.Read(written);
        foreach (var word in options.Unknown)
            annotations.Refuse("ssl-options-host", $"has {Shown.Quoted(word)}, which is not known here; write no-tlsv10 to no-tlsv13, ssl-min-ver or ssl-max-ver with TLSv1.0 to TLSv1.3");
        if (options.HasVersions)
            return tls with { MinVersion = options.Min, MaxVersion = options.Max };
        annotations.Refuse("ssl-options-host", "leaves no versions of TLS, or a gap between them; write which is the oldest and which the newest");
        return tls;
    }
}
