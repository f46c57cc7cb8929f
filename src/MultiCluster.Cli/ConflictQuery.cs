using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Picks the Ingresses with conflicts out of all.</summary>
/// <param name="ns">Only of this namespace; null for all.</param>
/// <param name="fail">Conflicts make the exit code <see cref="ExitCode.Failure"/>.</param>
internal sealed class ConflictQuery(CliContext context, AdminClient client, string? ns, bool fail)
{
    public async Task<int> RunAsync(OutputFormat format, CancellationToken cancellationToken)
    {
        var all = await client.AskAsync<IReadOnlyList<IngressView>>(HttpMethod.Get, AdminPaths.Ingresses, cancellationToken);
        if (all.View is not { } ingresses)
            return await Failure.TellAsync(context, all.Error!, ExitCode.Failure);
        IReadOnlyList<IngressView> wrong = [.. ingresses.Where(IsWanted)];
        var picked = all with { View = wrong, Body = AnswerJson.Pick(all.Body, place => IsWanted(ingresses[place])) };
        await Reply.WriteAsync(context, format, picked, ConflictViews.List, cancellationToken);
        return fail && wrong.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private bool IsWanted(IngressView ingress) => (ns is null || ingress.Namespace == ns) && ingress.Conditions.Any(ConflictViews.IsConflict);
}
