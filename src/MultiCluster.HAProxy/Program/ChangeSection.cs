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
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        ForwardedSection.Append(text, options.Forwarded);
        text.Append(CultureInfo.InvariantCulture, $"    http-request allow if {PolicyStages.Nothing(PolicyStage.Plain)}\n");
        UpstreamSection.AppendSettings(text, paths);
        BandwidthSection.Append(text, options, paths);
        MirrorSection.Append(text, paths);
        Leave(text, PolicyStage.Headers);
        UpstreamSection.AppendHeaders(text, paths);
        Leave(text, PolicyStage.Renaming);
        RewriteSection.AppendRenaming(text, paths);
        Leave(text, PolicyStage.MoreHeaders, RewriteSection.NotOdd);
        UpstreamSection.AppendMoreHeaders(text, paths);
        Leave(text, PolicyStage.Rewriting, RewriteSection.NotOdd);
        RewriteSection.AppendRenamingAgain(text);
        Leave(text, PolicyStage.Rewriting);
        RewriteSection.AppendRewriting(text, paths);
    }

    private static void Leave(StringBuilder text, PolicyStage stage, string and = "") =>
        text.Append(CultureInfo.InvariantCulture, $"    http-request allow if {PolicyStages.Before(stage)}{and}\n");
}
