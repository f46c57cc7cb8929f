using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What the proxy answers itself, such as a challenge of a certificate authority.</summary>
internal static class FixedAnswerSection
{
    public static void Append(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.answer) str({{PolicyFlags.Answer}}) if { {{PolicySection.Has(PolicyFlags.Answer)}} }

        """);

    /// <summary>In <see cref="AnswerBackend"/>.</summary>
    public static void AppendAnswers(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl fixed var(txn.answer) -m str {{PolicyFlags.Answer}}
            http-request set-var(txn.content) {{PolicySection.Value(PolicyFlags.Answer, paths)}},ub64dec if fixed
            http-request return status 200 content-type text/plain lf-string %[var(txn.content)] if fixed

        """);
}
