using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// In the <c>defaults</c> of backends, from which all of them have these rules: what endpoints see of a request.
/// Names for conditions can't be said here.
/// </summary>
internal static class ChangeSection
{
    public static void Append(StringBuilder text, ProgramPaths paths, ForwardedHeaders forwarded)
    {
        ForwardedSection.Append(text, forwarded);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request allow if !{ var(txn.does) -m found }
                http-request allow if {{PolicyStages.Before(PolicyStage.Changes)}}

            """);
        UpstreamSection.Append(text, paths);
        text.Append(CultureInfo.InvariantCulture, $"    http-request allow if {PolicyStages.Before(PolicyStage.Renaming)}\n");
        RewriteSection.AppendRenaming(text, paths);
        text.Append(CultureInfo.InvariantCulture, $"    http-request allow if {PolicyStages.Before(PolicyStage.Rewriting)}\n");
        RewriteSection.AppendRewriting(text, paths);
    }
}
