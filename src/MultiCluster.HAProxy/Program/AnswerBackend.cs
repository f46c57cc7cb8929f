using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Takes what is answered without an endpoint: what the frontend's rules have a long answer for, since there those rules would be passed over by all
/// others, and requests whose route leads to no backend that there is.
/// </summary>
internal static class AnswerBackend
{
    public const string Name = "answers";

    /// <summary>Values of the variable that says what the answer is; letters of redirections are others.</summary>
    public const char Preflight = PolicyFlags.Cors;

    public const string NoEndpoints = "no endpoints";

    public const char TooMany = '1';

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""

            # What is answered without an endpoint.
            backend {{Name}} from base

            """);
        foreach (var status in new[] { 400, 405 })
            text.Append(CultureInfo.InvariantCulture, $"    http-request deny deny_status {status} if {{ var(txn.refused) -m str {status} }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request return status 414 content-type text/plain string "the path is too long\n" if { var(txn.refused) -m str 414 }
                http-request return status 404 content-type text/plain string "no route\n" if { var(txn.refused) -m found }
                http-request return status 204 if { var(txn.answer) -m str {{Preflight}} }

            """);
        FixedAnswerSection.AppendAnswers(text, paths);
        RedirectSection.AppendAnswers(text, paths);
        LimitSection.AppendAnswers(text, paths);
        text.Append(CultureInfo.InvariantCulture, $"    http-request return status 503 content-type text/plain {ErrorPageSection.Body(503, NoEndpoints, paths)}\n");
    }
}
