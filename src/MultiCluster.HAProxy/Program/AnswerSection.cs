using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What policies say with answers, so that an answer to a request without looks at two variables only.</summary>
internal static class AnswerSection
{
    /// <summary>Before anything is refused: a refusal over TLS says it too.</summary>
    public static void AppendKept(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl answered var(txn.answer) -m found
            http-request set-var(txn.hsts) {{PolicySection.Value(PolicyFlags.Hsts, paths)}},ub64dec if { {{PolicySection.Has(PolicyFlags.Hsts)}} } { ssl_fc }
            http-request set-var(txn.answers) bool(true) if { var(txn.hsts) -m found }
            http-request set-log-level silent if { {{PolicySection.Has(PolicyFlags.Unlogged)}} }

        """);

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-response allow if !{ var(txn.replies) -m found }
                http-response set-var-fmt(txn.relocated) "%[var(txn.location),field(1,|),ub64dec]\n%[var(txn.location),field(2,|),ub64dec]\n%[res.fhdr(location)]" if { var(txn.location) -m found } { res.fhdr(location) -m found }
                http-response set-var(txn.relocated) 'var(txn.relocated),regsub("^([^\n]+)\n([^\n]*)\n\1(.*)$",=\2\3)' if { var(txn.relocated) -m found }
                http-response set-header location %[var(txn.relocated),bytes(1)] if { var(txn.relocated) -m beg = }
            .if feature(LUA)
                http-response lua.{{PolicyScript.ResponseHeaders}} if { var(txn.dress) -m found }
            .else
                http-response return status 501 content-type text/plain string "this HAProxy has no Lua\n" if { var(txn.dress) -m found }
            .endif
                http-after-response allow if !{ var(txn.answers) -m found }
                http-after-response set-header strict-transport-security %[var(txn.hsts)] if { var(txn.hsts) -m found }

            """);
        CorsSection.AppendAnswers(text, paths);
    }
}
