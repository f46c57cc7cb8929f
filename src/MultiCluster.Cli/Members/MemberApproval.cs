using System.Text.Json;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Members;

/// <summary>Shows what is held back of a member, asks back, and releases it.</summary>
internal sealed class MemberApproval(CliContext context, AdminClient client, string member)
{
    /// <param name="yes">Don't ask back.</param>
    public async Task<int> RunAsync(bool yes, OutputFormat format, CancellationToken cancellationToken)
    {
        var asked = await client.AskAsync<MemberDetailView>(HttpMethod.Get, AdminPaths.Member(member), cancellationToken);
        if (asked.View is not { } detail)
            return await Failure.TellAsync(context, asked.Error!, ExitCode.Failure);
        if (detail.Held.Count == 0)
        {
            await Reply.WriteAsync(context, format, Nothing(detail), MemberOrderViews.Approved, cancellationToken);
            return ExitCode.Success;
        }

        await ShowAsync(detail.Held);
        var consequence = $"With your approval it takes effect: what is gone in member {member} is no longer served.";
        if (!yes && await Confirmation.RefusalAsync(context, consequence, cancellationToken) is { } refusal)
            return await Failure.TellAsync(context, refusal, ExitCode.Usage);
        var released = await client.AskAsync<MemberOrderView>(HttpMethod.Post, AdminPaths.MemberOrder(member, "approve"), cancellationToken);
        if (released.Error is { } error)
            return await Failure.TellAsync(context, error, ExitCode.Failure);
        await Reply.WriteAsync(context, format, released, MemberOrderViews.Approved, cancellationToken);
        return ExitCode.Success;
    }

    private async Task ShowAsync(IReadOnlyList<string> held)
    {
        await context.Error.WriteLineAsync(SafeText.Of($"Held back of member {member}, since it looks like a loss:"));
        foreach (var item in held)
            await context.Error.WriteLineAsync(SafeText.Of($"  {item}"));
    }

    /// <summary>What the server would answer to an order that it needn't get.</summary>
    private static Answer<MemberOrderView> Nothing(MemberDetailView detail)
    {
        var view = new MemberOrderView(detail.Member.Name, detail.State, detail.Removed, []);
        return new Answer<MemberOrderView>(view, JsonSerializer.SerializeToUtf8Bytes(view, AdminJson.Default.MemberOrderView), null);
    }
}
