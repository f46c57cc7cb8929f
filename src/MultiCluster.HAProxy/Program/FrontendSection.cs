using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// The frontend: hygiene, then one prefix-tree lookup for Exact and Prefix alike.
/// <para>
/// A Prefix P is stored under <c>host P /</c>, an Exact E under <c>host E / 0x01</c>, and looked up with
/// <c>host path / 0x01</c>: the longest key wins, whole path elements only, Exact before Prefix. The end mark is a control
/// character because a request path that decodes to one is refused before, so no request can forge it.
/// </para>
/// <para>
/// A value is <c>backend|flags|namespace/ingress</c>. Paths match percent-decoded with runs of slashes merged; the
/// request goes on as it came.
/// </para>
/// </summary>
internal static class FrontendSection
{
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        text.Append("\nfrontend ingress from base\n");
        foreach (var bind in options.Binds)
        {
            var tls = bind.Tls ? $" ssl crt-list {paths.Full(ProgramPaths.CertificateList)} alpn h2,http/1.1" : "";
            text.Append(CultureInfo.InvariantCulture, $"    bind {bind.Address}{tls}\n");
        }

        Hygiene(text);
        Lookup(text, paths);
        Forward(text);
        if (options.AccessLog is not null)
            Log(text, paths);
    }

    private static void Hygiene(StringBuilder text) => text.Append("""
            http-request deny deny_status 405 if METH_CONNECT
            # A host becomes part of a key, so it may not hold what ends one ('/' would borrow another path's route).
            http-request set-var(txn.host) req.fhdr(host),host_only,lower,rtrim(.)
            http-request deny deny_status 400 if { var(txn.host) -m reg [^a-z0-9._:\[\]-] }
            # Only paths that hold an escape, '//' or '/.' cost more than a copy.
            http-request set-var(txn.path) path
            acl odd_path path -m sub % // /.
            http-request deny deny_status 400 if odd_path !{ path,url_dec -m found }
            http-request set-var(txn.path) path,url_dec,regsub(/+,/,g) if odd_path
            http-request deny deny_status 400 if odd_path { var(txn.path) -m reg '(/\.{1,2}(/|$)|[[:cntrl:]])' }

        """);

    private static void Lookup(StringBuilder text, ProgramPaths paths)
    {
        var routes = paths.Full(ProgramPaths.RouteMap);
        var defaults = paths.Full(ProgramPaths.DefaultMap);
        const string Missing = "!{ var(txn.route) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                # The most specific host with a matching path: exact, one-label wildcard, any.
                http-request set-var(txn.route) var(txn.host),concat(,txn.path,/\x01),map_beg({{routes}})
                http-request set-var(txn.rest) var(txn.host),field(2,.,0) if {{Missing}}
                http-request set-var(txn.route) str(*.),concat(,txn.rest,),concat(,txn.path,/\x01),map_beg({{routes}}) if {{Missing}} { var(txn.rest) -m found }
                http-request set-var(txn.route) str(*),concat(,txn.path,/\x01),map_beg({{routes}}) if {{Missing}}
                # No rule of anyone: defaultBackend of the host's own Ingress, then anyone's.
                http-request set-var(txn.route) var(txn.host),map_str({{defaults}}) if {{Missing}}
                http-request set-var(txn.route) str(*.),concat(,txn.rest,),map_str({{defaults}}) if {{Missing}} { var(txn.rest) -m found }
                http-request set-var(txn.route) str(*),map_str({{defaults}}) if {{Missing}}
                http-request return status 404 content-type text/plain string "no route\n" if {{Missing}}

            """);
    }

    private static void Forward(StringBuilder text) => text.Append("""
            option forwardfor
            http-request set-header x-forwarded-proto https if { ssl_fc }
            http-request set-header x-forwarded-proto http if !{ ssl_fc }
            use_backend %[var(txn.route),field(1,|)]
            default_backend no-endpoints

        """);

    private static void Log(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            log global
            option dontlognull
            log-format '{"time":"%[date(0,ms),ms_utime(%Y-%m-%dT%H:%M:%S)]","client":"%ci","method":"%HM","host":"%[var(txn.host),json(utf8s)]","path":"%[path,json(utf8s)]","proto":"%HV","status":%ST,"ingress":"%[var(txn.route),field(3,|)]","backend":"%[be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}})]","server":"%s","bytes_in":%U,"bytes_out":%B,"request_ms":%TR,"queue_ms":%Tw,"connect_ms":%Tc,"response_ms":%Tr,"total_ms":%Ta,"termination":"%ts","retries":"%rc"}'

        """);
}
