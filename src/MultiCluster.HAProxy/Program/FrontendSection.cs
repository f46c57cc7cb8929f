using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// The frontend: hygiene, then one prefix-tree lookup for Exact and Prefix alike.
/// <para>
/// A Prefix P is stored under <c>host P /</c>, an Exact E under <c>host E / 0x01</c>, and looked up with
/// <c>host path / 0x01</c>: the longest key wins, whole path elements only, Exact before Prefix. The end mark is a control
/// character because a request path that decodes to one is refused before, so no request can forge it.
/// </para>
/// <para>
/// A value is <c>backend|flags|namespace/ingress</c>, or <c>~choice|flags|namespace/ingress</c> for a route that is steered, see
/// <see cref="SteeringSection"/>, or <c>+</c>, one of these and <c>|policy|flags</c>, see <see cref="PolicySection"/>, or <c>@</c>, one of these and <c>|choice|id</c>, see <see cref="ChoiceSection"/>; with <c>*</c> and more before
/// it where the host has expressions, see <see cref="ExpressionSection"/>. Paths match percent-decoded with runs of slashes merged; the
/// request goes on as it came.
/// </para>
/// <para>
/// HAProxy can't jump: a rule that is passed over costs a look all the same, and only the end of a set of rules can be jumped to. So each set has
/// its matter: <c>tcp-request content</c> finds the backend, <c>http-request</c> tells who may ask and where to ask instead, both here, and
/// the backend's own <c>http-request</c> changes what endpoints see. Each is left as soon as nothing in it is for the request.
/// </para>
/// </summary>
internal static class FrontendSection
{
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        text.Append("\nfrontend ingress from base\n");
        foreach (var bind in PassthroughSection.Binds(options, paths))
        {
            var tls = bind.Tls ? $" ssl crt-list {paths.Full(ProgramPaths.CertificateList)} alpn {options.Tls.Alpn}{CertificateSection.BindOptions}{(options.StrictSni ? " strict-sni" : "")}" : "";
            text.Append(CultureInfo.InvariantCulture, $"    bind {bind.Address}{tls}\n");
        }

        ExternalSection.AppendBind(text, options, paths);
        FirewallSection.AppendFilter(text, options, paths);
        BandwidthSection.AppendFilter(text, options);
        ProxyHeaderSection.Append(text, options);
        CertificateSection.AppendConnections(text, paths);
        LogSection.AppendHttp(text, options, paths);
        if (options.LogsEarly)
            text.Append("    option logasap\n");
        PlainRequests(text, paths);
        ExpressionSection.AppendMark(text);
        PolicySection.AppendEntry(text);
        Hygiene(text);
        Lookup(text, paths);
        ChoiceSection.Append(text, paths);
        PolicySection.AppendEntry(text);
        SteeringSection.Append(text, paths);
        Forwarded(text);
        PolicySection.Append(text, options, paths);
        Forward(text);
    }

    /// <summary>
    /// X-Forwarded-For is a matter of backends, see <see cref="UpstreamSection"/>. What the proxy asks itself has no address, and says of whom it is.
    /// </summary>
    private static void Forwarded(StringBuilder text) => text.Append("""
            http-request set-header x-forwarded-proto %[ssl_fc,iif(https,http)] if { src -m found }

        """);

    /// <summary>Ends the search for a route: <see cref="AnswerBackend"/> answers with the status.</summary>
    public static string Refuse(int status, string condition) => string.Create(
        CultureInfo.InvariantCulture, $"tcp-request content set-var(txn.refused) str({status}) if {condition}\n    tcp-request content accept if refused");

    /// <summary>
    /// Nearly all requests name one host, in lower case and without a port, and a path without an escape, '//' or '/.': one look
    /// shows it, and one lookup ends it. All others are read with care below, so the expression may be narrow but never wide.
    /// <c>base</c> takes the first of several hosts divided by commas, and does not show where the path begins when the host holds a
    /// '/', as HAProxy 2.6 lets it; neither is plain. Nor is a control character, which HAProxy itself lets through in no protocol that
    /// it has today: the end mark of Exact keys must not depend on that.
    /// </summary>
    private static void PlainRequests(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl plain base -m reg ^[a-z0-9_-]+(\.[a-z0-9_-]+)*/([^/.%[:cntrl:]][^/%[:cntrl:]]*(/[^/.%[:cntrl:]][^/%[:cntrl:]]*)*/?)?$
            acl odd_host req.fhdr(host) -m sub , /
            tcp-request content set-var(txn.route) base,concat(/\x01),map_beg({{paths.Full(ProgramPaths.RouteMap)}}) if plain !odd_host
            acl routed var(txn.route) -m found
            acl steered var(txn.route) -m beg ~
            acl policed var(txn.route) -m beg +
            acl refused var(txn.refused) -m found
            acl special var(txn.route) -m beg ~ + * @
            tcp-request content accept if routed !special

        """);

    /// <summary>What is plain and has a route needs no second look: it goes on to the rules of its route.</summary>
    private static void Hygiene(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            {{Refuse(405, "METH_CONNECT")}}
            # A host becomes part of a key, so it may not hold what ends one ('/' would borrow another path's route).
            tcp-request content set-var(txn.host) req.fhdr(host),lower if !routed
            acl host_ok var(txn.host) -m reg ^([a-z0-9_-][a-z0-9._-]*|\[[0-9a-f:.]+\])?(:[0-9]*)?$
            {{Refuse(400, "!routed !host_ok { var(txn.host) -m found }")}}
            tcp-request content set-var(txn.path) path if !routed
            {{Refuse(400, "!routed { var(txn.path) -m reg [[:cntrl:]] }")}}
            acl odd_path var(txn.path) -m sub % // /.

        """);

    private static void Lookup(StringBuilder text, ProgramPaths paths)
    {
        var routes = paths.Full(ProgramPaths.RouteMap);
        var defaults = paths.Full(ProgramPaths.DefaultMap);
        const string Host = "var(txn.host),host_only,rtrim(.)";
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.route) {{Host}},concat(,txn.path,/\x01),map_beg({{routes}}) if !routed !odd_path
                tcp-request content accept if routed !special
                # RFC 9112 3.2.
                {{Refuse(400, "!routed !{ var(txn.host) -m found } HTTP_1.1")}}
                # Paths that hold an escape, '//' or '/.' are decoded once and merged for the lookup, or refused.
                tcp-request content set-var(txn.odd) bool(true) if odd_path
                acl odd var(txn.odd) -m found
                {{Refuse(400, "odd !{ path,url_dec -m found }")}}
                tcp-request content set-var(txn.path) path,url_dec,regsub(/+,/,g) if odd
                {{Refuse(400, "odd { var(txn.path) -m reg '(/\\.{1,2}(/|$)|[[:cntrl:]])' }")}}
                tcp-request content set-var(txn.route) {{Host}},concat(,txn.path,/\x01),map_beg({{routes}}) if odd

            """);
        ExpressionSection.Append(text, paths);
        text.Append(CultureInfo.InvariantCulture, $$"""
                # The most specific host with a matching path: exact, one-label wildcard, any.
                tcp-request content set-var(txn.rest) {{Host}},field(2,.,0) if !routed
                acl has_rest var(txn.rest) -m found
                tcp-request content set-var(txn.route) str(*.),concat(,txn.rest,),concat(,txn.path,/\x01),map_beg({{routes}}) if !routed has_rest
                tcp-request content accept if routed !special

            """);
        ExpressionSection.Append(text, paths);
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.route) str(*),concat(,txn.path,/\x01),map_beg({{routes}}) if !routed
                tcp-request content accept if routed !special

            """);
        ExpressionSection.Append(text, paths);
        text.Append(CultureInfo.InvariantCulture, $$"""
                # No rule of anyone: defaultBackend of the host's own Ingress, then anyone's.
                tcp-request content set-var(txn.route) {{Host}},map_str({{defaults}}) if !routed
                tcp-request content set-var(txn.route) str(*.),concat(,txn.rest,),map_str({{defaults}}) if !routed has_rest
                tcp-request content set-var(txn.route) str(*),map_str({{defaults}}) if !routed
                {{Refuse(404, "!routed")}}

            """);
    }

    private static void Forward(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"""
            use_backend %[var(txn.route),field(1,|)]
            default_backend {AnswerBackend.Name}

        """);
}
