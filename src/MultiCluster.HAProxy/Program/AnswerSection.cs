using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What policies say with answers. The request finds it out and keeps it, so that an answer to a request without looks at two variables only.</summary>
internal static class AnswerSection
{
    /// <summary>Before anything is refused: a refusal over TLS says it too.</summary>
    public static void AppendKept(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl strict {{PolicySection.Has(PolicyFlags.Hsts)}}
            http-request set-var(txn.hsts) {{PolicySection.Value(PolicyFlags.Hsts, paths)}},ub64dec if strict { ssl_fc }
            http-request set-var(txn.answers) bool(true) if strict { ssl_fc }
            http-request set-var(txn.dress) {{PolicySection.Value(PolicyFlags.ResponseHeaders, paths)}},ub64dec if { {{PolicySection.Has(PolicyFlags.ResponseHeaders)}} }

        """);

    public static void Append(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
        .if feature(LUA)
            http-response lua.{{PolicyScript.ResponseHeaders}} if { var(txn.dress) -m found }
        .else
            http-response return status 501 content-type text/plain string "this HAProxy has no Lua\n" if { var(txn.dress) -m found }
        .endif
            http-after-response allow if !{ var(txn.answers) -m found }
            http-after-response set-header strict-transport-security %[var(txn.hsts)] if { var(txn.hsts) -m found }
            http-after-response set-header access-control-allow-origin %[var(txn.shared)] if shared
            http-after-response set-header access-control-allow-credentials true if shared { var(txn.cors),field(4,|) -m str {{CorsData.Credentials}} }
            http-after-response set-header access-control-expose-headers %[var(txn.cors),field(3,|),ub64dec] if shared { var(txn.cors),field(3,|) -m len gt 0 }
            http-after-response add-header vary origin if { var(txn.varies) -m found }

        """);
}
