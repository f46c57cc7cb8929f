using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// A service is asked whether a request may pass, by a script, since HAProxy's rules ask nobody. A script that fails would let the request
/// go on, so only one that said yes does.
/// </summary>
internal static class ExternalSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl inquires {{PolicySection.Has(PolicyFlags.ExternalAuthentication)}}
                http-request set-var(txn.rule) {{PolicySection.Value(PolicyFlags.ExternalAuthentication, paths)}} if inquires
                http-request set-var(txn.ask_url) var(txn.rule),field(1,|),ub64dec if inquires
                http-request set-var(txn.ask_method) var(txn.rule),field(2,|) if inquires
                http-request set-var(txn.ask_sends) var(txn.rule),field(3,|),ub64dec if inquires
                http-request set-var(txn.ask_passes) var(txn.rule),field(4,|),ub64dec if inquires
                http-request set-var(txn.ask_tells) var(txn.rule),field(5,|),ub64dec if inquires
                http-request set-var(txn.ask_signin) var(txn.rule),field(6,|),ub64dec if inquires
                http-request set-var(txn.ask_scheme) ssl_fc,iif(https,http) if inquires
                http-request set-var(txn.ask_host) req.fhdr(host) if inquires
                http-request set-var(txn.ask_uri) pathq if inquires
            .if feature(LUA)
                http-request lua.{{PolicyScript.Ask}} if inquires
            .endif
                http-request deny deny_status 503 if inquires !{ var({{PolicyScript.Passed}}) -m found }

            """);
    }
}
