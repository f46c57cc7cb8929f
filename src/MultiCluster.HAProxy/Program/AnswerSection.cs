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
            http-request set-var(txn.hsts) {{PolicySection.Value(PolicyFlags.Hsts, paths)}},ub64dec if { ssl_fc } { {{PolicySection.Has(PolicyFlags.Hsts)}} }

        """);

    private static readonly HeaderSection Headers = new("http-response", "txn.dress", KnownHeaders.OfResponses, PolicyScript.ResponseHeaders);

    /// <summary>What an endpoint wrote is rewritten before a policy sets the same header. The usual ones are no such headers, and set first.</summary>
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        BandwidthSection.AppendAnswers(text, options);
        Leave(text, "http-response", PolicyFlags.ResponseHeaders, PolicyFlags.MoreResponseHeaders, PolicyFlags.Rewritten, PolicyFlags.ExternalAuthentication);
        text.Append(".if version_atleast(3.4)\n");
        Headers.AppendLists(text, $" !{RewrittenSection.Rewritten}");
        Leave(text, "http-response", PolicyFlags.Rewritten, PolicyFlags.ExternalAuthentication);
        text.Append(".else\n");
        Headers.AppendBits(text);
        Headers.AppendKnown(text, 0, KnownHeaders.Usual);
        Leave(text, "http-response", PolicyFlags.MoreResponseHeaders, PolicyFlags.Rewritten, PolicyFlags.ExternalAuthentication);
        Headers.AppendKnown(text, KnownHeaders.Usual, Headers.Known.Count - KnownHeaders.Usual);
        text.Append(".endif\n");
        RewrittenSection.Append(text);
        text.Append(".if version_atleast(3.4)\n");
        Headers.AppendLists(text, $" {RewrittenSection.Rewritten}");
        text.Append(".else\n");
        Headers.AppendScript(text);
        text.Append(".endif\n");
        ExternalSection.AppendAnswers(text);
        Leave(text, "http-after-response", PolicyFlags.Cors, PolicyFlags.Hsts, PolicyFlags.ErrorPages);
        text.Append("""
                http-after-response set-header strict-transport-security %[var(txn.hsts)] if { var(txn.hsts) -m found }

            """);
        CorsSection.AppendAnswers(text, paths);
        text.Append($"    http-after-response allow if !{ErrorPageSection.Paged}\n");
        ErrorPageSection.AppendAnswers(text, paths);
        CorsSection.AppendAgain(text);
    }

    private static void Leave(StringBuilder text, string rules, params IReadOnlyList<char> letters) =>
        text.Append(CultureInfo.InvariantCulture, $"    {rules} allow if !{{ {PolicySection.Has(letters)} }}\n");
}
