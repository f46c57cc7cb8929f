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
        const string Inquires = "{ var(txn.inquires) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.inquires) bool(true) if { {{PolicySection.Has(PolicyFlags.ExternalAuthentication)}} } !{ var(txn.vouched) -m found }
                http-request set-var(txn.rule) {{PolicySection.Value(PolicyFlags.ExternalAuthentication, paths)}} if {{Inquires}}
                http-request set-var(txn.ask_url) var(txn.rule),field(1,|),ub64dec if {{Inquires}}
                http-request set-var(txn.ask_method) var(txn.rule),field(2,|) if {{Inquires}}
                http-request set-var(txn.ask_sends) var(txn.rule),field(3,|),ub64dec if {{Inquires}}
                http-request set-var(txn.ask_passes) var(txn.rule),field(4,|),ub64dec if {{Inquires}}
                http-request set-var(txn.ask_tells) var(txn.rule),field(5,|),ub64dec if {{Inquires}}
                http-request set-var(txn.ask_signin) var(txn.rule),field(6,|),ub64dec if {{Inquires}}
                http-request set-var(txn.ask_scheme) ssl_fc,iif(https,http) if {{Inquires}}
                http-request set-var(txn.ask_host) req.fhdr(host) if {{Inquires}}
                http-request set-var(txn.ask_uri) pathq if {{Inquires}}
            .if feature(LUA)
                http-request lua.{{PolicyScript.Ask}} if {{Inquires}}
            .endif
                http-request deny deny_status 503 if {{Inquires}} !{ var({{PolicyScript.Passed}}) -m found }

            """);
    }
}
