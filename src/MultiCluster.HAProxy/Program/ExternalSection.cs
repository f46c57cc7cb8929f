using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// A service is asked whether a request may pass, by a script, since HAProxy's rules ask nobody. A script that fails would let the request
/// go on, so only one that said yes does.
/// </summary>
internal static class ExternalSection
{
    /// <summary>Name of the listener that takes what the proxy asks itself.</summary>
    public const string Asked = "asked";

    /// <summary>Where the proxy asks itself: for paths of a route's own host.</summary>
    public static void AppendBind(StringBuilder text, ProgramOptions options, ProgramPaths paths) =>
        text.Append(CultureInfo.InvariantCulture, $"    bind unix@{paths.AskSocket} name {Asked} {InnerSocket.Rights(options)}\n");

    /// <summary>What the service gives clients to keep; of errors only where it is said.</summary>
    public static void AppendAnswers(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
        .if feature(LUA)
            http-response lua.{{PolicyScript.AddCookies}} if { var({{PolicyScript.Cookies}}) -m found } { status 200 201 204 206 301 302 303 304 307 308 }
            http-response lua.{{PolicyScript.AddCookies}} if { var({{PolicyScript.Cookies}}) -m found } { var(txn.rule),field(8,|) -m str {{ExternalData.Always}} } !{ status 200 201 204 206 301 302 303 304 307 308 }
        .endif

        """);

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        const string Inquires = "{ var(txn.inquires) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.inquires) bool(true) if { {{PolicySection.Has(PolicyFlags.ExternalAuthentication)}} } !{ var(txn.vouched) -m found }
                http-request set-var(txn.rule) {{PolicySection.Value(PolicyFlags.ExternalAuthentication, paths)}} if { {{PolicySection.Has(PolicyFlags.ExternalAuthentication)}} }
            .if feature(LUA)
                http-request lua.{{PolicyScript.Unsay}} if { var(txn.rule) -m found } !{{Inquires}}
            .endif
                http-request set-var(txn.ask_socket) str(unix@{{paths.AskSocket}}) if {{Inquires}}

            """);
        AppendHere(text, paths, Inquires);
        text.Append(CultureInfo.InvariantCulture, $$"""
            .if feature(LUA)
                http-request lua.{{PolicyScript.Ask}} if {{Inquires}}
            .endif
                http-request deny deny_status 503 if {{Inquires}} !{ var({{PolicyScript.Passed}}) -m found }

            """);
    }

    /// <summary>
    /// Whose path is asked decides who gets in, and a host may have Ingresses of several namespaces: only one of the route's own is asked. Where
    /// the host has expressions, which may take the path, all of these must be of that namespace, too.
    /// </summary>
    private static void AppendHere(StringBuilder text, ProgramPaths paths, string inquires)
    {
        const string Here = "{ var(txn.ask_here) -m found }";
        var expressive = $"{Here} {{ var(txn.ask_route) -m beg {RouteMaps.ExpressionMark} }}";
        var (routes, policies) = (paths.Full(ProgramPaths.RouteMap), paths.Full(ProgramPaths.PolicyMap));
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.ask_here) req.fhdr(host),lower,host_only,rtrim(.) if {{inquires}} { var(txn.rule),field(10,|) -m str {{ExternalData.Here}} }
                http-request set-var(txn.ask_path) var(txn.rule),field(1,|),ub64dec,field(1,?) if {{Here}}
                http-request set-var(txn.ask_route) var(txn.ask_here),concat(,txn.ask_path,/\x01),map_beg({{routes}}) if {{Here}}
                http-request set-var(txn.ask_rest) var(txn.ask_here),field(2,.,0) if {{Here}} !{ var(txn.ask_route) -m found }
                http-request set-var(txn.ask_route) str(*.),concat(,txn.ask_rest,),concat(,txn.ask_path,/\x01),map_beg({{routes}}) if {{Here}} { var(txn.ask_rest) -m found }
                http-request set-var(txn.own_space) var(txn.route),field(3,|),field(1,/) if {{Here}}
                http-request set-var(txn.ask_space) var(txn.ask_route),field(1,|),bytes(1),concat(:{{PathExpressionData.SpaceLetter}}),map_str({{policies}}) if {{expressive}}
                http-request deny deny_status 503 if {{expressive}} !{ var(txn.ask_space),strcmp(txn.own_space) eq 0 }
                http-request set-var(txn.ask_route) var(txn.ask_route),field(3,|,0) if {{expressive}} { var(txn.ask_route),field(3,|) -m len gt 0 }
                # What no Prefix takes where no expression does goes to whoever has the wildcard, or the rest.
                http-request deny deny_status 503 if {{expressive}}
                # The route is looked up with the path decoded.
                http-request deny deny_status 503 if {{Here}} { var(txn.ask_path) -m sub % // /. }
                http-request set-var(txn.ask_space) var(txn.ask_route),field(3,|),field(1,/) if {{Here}}
                http-request deny deny_status 503 if {{Here}} !{ var(txn.ask_space),strcmp(txn.own_space) eq 0 }

            """);
    }
}
