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

        """);

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-response allow if !{ var(txn.replies) -m found }

            """);
        RewrittenSection.Append(text);
        HeaderSection.Append(text, "http-response", "txn.dress", PolicyScript.ResponseHeaders);
        ExternalSection.AppendAnswers(text);
        text.Append("""
                http-after-response allow if !{ var(txn.answers) -m found }
                http-after-response set-header strict-transport-security %[var(txn.hsts)] if { var(txn.hsts) -m found }

            """);
        ErrorPageSection.AppendAnswers(text, paths);
        CorsSection.AppendAnswers(text, paths);
    }
}
