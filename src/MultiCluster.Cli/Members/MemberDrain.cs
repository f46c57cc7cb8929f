using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Members;

/// <summary>Orders a member to drain and waits until no session is left, as long as is allowed. The order stays, however the waiting ends.</summary>
/// <param name="timeout">Of the waiting; the answer to a poll may take longer.</param>
internal sealed class MemberDrain(CliContext context, AdminClient client, string member, TimeSpan timeout)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often something is said though nothing changes.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    private readonly DrainWatch watch = new();
    private string? said;
    private TimeSpan saidAt;

    public async Task<int> RunAsync(OutputFormat format, CancellationToken cancellationToken)
    {
        var ordered = false;
        try
        {
            var order = await client.AskAsync<MemberOrderView>(HttpMethod.Post, AdminPaths.MemberOrder(member, "drain"), cancellationToken);
            if (order.Error is { } refusal)
                return await Failure.TellAsync(context, refusal, ExitCode.Failure);
            ordered = true;
            await SayAsync($"Member {member} gets no new sessions; waiting for those it has, up to {Duration.Of(timeout)}.");
            return await WaitAsync(format, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SayAsync(ordered
                ? $"Interrupted: {watch.Words}. {Stays}"
                : $"Interrupted before the answer: whether member {member} drains is not known; mcctl member show {member} tells.");
            throw;
        }
    }

    private string Stays =>
        $"Member {member} stays drained: mcctl member drain {member} goes on waiting, mcctl member undrain {member} gives it new sessions again.";

    private async Task<int> WaitAsync(OutputFormat format, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        while (true)
        {
            var poll = await client.AskAsync<MemberDetailView>(HttpMethod.Get, AdminPaths.Member(member), cancellationToken);
            if (poll.View is { } detail)
                watch.Take(detail);
            else
                watch.Miss(poll.Error!);
            var waited = context.Time.GetElapsedTime(start);
            await ReportAsync(waited);
            if (watch.IsOver)
                return await OverAsync(poll, format, cancellationToken);
            if (watch.Ended is { } why)
                return await Failure.TellAsync(context, $"member {member}: {why}; {watch.Words}", ExitCode.Failure);
            if (waited >= timeout)
                return await Failure.TellAsync(context, $"member {member} after {Duration.Of(timeout)}: {watch.Words}. {Stays}", ExitCode.Failure);
            await Task.Delay(waited + Interval < timeout ? Interval : timeout - waited, context.Time, cancellationToken);
        }
    }

    private async Task<int> OverAsync(Answer<MemberDetailView> poll, OutputFormat format, CancellationToken cancellationToken)
    {
        await Reply.WriteAsync(
            context,
            format,
            poll,
            (_, terminal) => terminal.Line(new Cell($"Member {member} is drained: no session is left at {watch.Proxies}.", Tone.Good)),
            cancellationToken);
        return ExitCode.Success;
    }

    private async Task ReportAsync(TimeSpan waited)
    {
        var words = watch.Words;
        if (words == said && waited - saidAt < Reminder)
            return;
        (said, saidAt) = (words, waited);
        await SayAsync($"{Age.Of(waited)}: {words}");
    }

    private async Task SayAsync(string text)
    {
        await context.Error.WriteLineAsync(SafeText.Of(text));
        await context.Error.FlushAsync(CancellationToken.None);
    }
}
