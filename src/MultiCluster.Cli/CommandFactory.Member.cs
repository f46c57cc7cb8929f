using System.CommandLine;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Members;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Commands about members: what is known of them, and orders for them.</summary>
public sealed partial class CommandFactory
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(5);

    private Command MemberList() =>
        Asking<IReadOnlyList<MemberDetailView>>(
            Named("list", "Lists the members, whether they take traffic, how fresh they are and what could not be read.", "mcctl member list"),
            _ => AdminPaths.Members,
            (members, terminal) => MemberViews.List(members, context.Time.GetUtcNow(), terminal));

    private Command MemberShow()
    {
        var name = MemberArgument();
        return Asking<MemberDetailView>(
            Named("show", "Shows one member: where it is read from, its sessions by proxy, what is held back of it, its problems and conditions.", "mcctl member show aws", name),
            parsed => AdminPaths.Member(parsed.GetRequiredValue(name)),
            (member, terminal) => MemberViews.Show(member, context.Time.GetUtcNow(), terminal));
    }

    private Command MemberProblems() =>
        Asking<MemberProblemsView>(
            Named("problems", "Lists what names members, in the configuration or the home cluster, and can't be used.", "mcctl member problems"),
            _ => AdminPaths.MemberProblems,
            MemberViews.Problems);

    private Command MemberCordon()
    {
        var name = MemberArgument();
        var command = Named("cordon", "Gives a member no new sessions, and returns at once; those it has go on. \"member drain\" waits for them, \"member undrain\" takes it back.", "mcctl member cordon aws", name);
        command.SetAction((parsed, cancellationToken) => OrderAsync(parsed, parsed.GetRequiredValue(name), "cordon", MemberOrderViews.Cordoned, cancellationToken));
        return command;
    }

    private Command MemberDrain()
    {
        var name = MemberArgument();
        var timeout = DurationOption("--timeout", $"How long to wait [default: {Duration.Of(DrainTimeout)}]");
        var noWait = new Option<bool>("--no-wait") { Description = "Only order it, as \"member cordon\" does" };
        var command = Named(
            "drain",
            "Gives a member no new sessions and waits until those it has are over. Sessions that a cookie binds to the member may come back as long as it drains: "
            + "they go on until it is disabled or removed. Exit code 1 if sessions are left when the time is over. However the waiting ends, the member stays drained until \"member undrain\".",
            "mcctl member drain aws --timeout 10m",
            name,
            timeout,
            noWait);
        command.SetAction((parsed, cancellationToken) =>
        {
            var member = parsed.GetRequiredValue(name);
            return parsed.GetValue(noWait)
                ? OrderAsync(parsed, member, "drain", MemberOrderViews.Cordoned, cancellationToken)
                : WithClientAsync(parsed, client => new MemberDrain(context, client, member, parsed.GetValue(timeout) ?? DrainTimeout).RunAsync(parsed.GetValue(output), cancellationToken));
        });
        return command;
    }

    private Command MemberUndrain()
    {
        var name = MemberArgument();
        var command = Named("undrain", "Takes back \"member drain\", \"cordon\" and \"disable\": the member gets new sessions again.", "mcctl member undrain aws", name);
        command.Aliases.Add("uncordon");
        command.SetAction((parsed, cancellationToken) => OrderAsync(parsed, parsed.GetRequiredValue(name), "undrain", MemberOrderViews.Undrained, cancellationToken));
        return command;
    }

    private Command MemberDisable()
    {
        var (name, yes) = (MemberArgument(), YesOption());
        var command = Named("disable", "Gives a member no traffic at all, not even of sessions that are bound to it. \"member undrain\" takes it back.", "mcctl member disable aws --yes", name, yes);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var member = parsed.GetRequiredValue(name);
            var consequence = $"Member {member} gets no traffic at all any more, not even of sessions that are bound to it; routes that no other member serves fail.";
            return await UnconfirmedAsync(parsed.GetValue(yes), consequence, cancellationToken)
                ?? await OrderAsync(parsed, member, "disable", MemberOrderViews.Disabled, cancellationToken);
        });
        return command;
    }

    private Command MemberApprove()
    {
        var (name, yes) = (MemberArgument(), YesOption());
        var command = Named("approve", "Shows what is held back of a member since it looks like a loss, and lets it take effect: what is gone in the member is no longer served.", "mcctl member approve aws", name, yes);
        command.SetAction((parsed, cancellationToken) => WithClientAsync(
            parsed, client => new MemberApproval(context, client, parsed.GetRequiredValue(name)).RunAsync(parsed.GetValue(yes), parsed.GetValue(output), cancellationToken)));
        return command;
    }

    private Command MemberRemove()
    {
        var (name, yes) = (MemberArgument(), YesOption());
        var grace = DurationOption("--grace", "How long it drains before its routes and endpoints go [default: as the controller is configured]");
        var command = Named("remove", "Takes a member out for good: it drains, then its routes and endpoints go. It stays listed as removed until its name is registered anew.", "mcctl member remove aws --grace 30s", name, grace, yes);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (member, drains) = (parsed.GetRequiredValue(name), parsed.GetValue(grace) is { } time ? Duration.Of(time) : null);
            var consequence = $"Member {member} is taken out for good: it drains for {drains ?? "the configured time"}, then its routes and endpoints go from every proxy; routes that no other member serves fail.";
            return await UnconfirmedAsync(parsed.GetValue(yes), consequence, cancellationToken)
                ?? await OrderAsync(parsed, member, "remove", MemberOrderViews.Removed, cancellationToken, drains);
        });
        return command;
    }

    private Task<int> OrderAsync(
        ParseResult parsed, string member, string order, Action<MemberOrderView, Terminal> print, CancellationToken cancellationToken, string? grace = null)
    {
        var question = Ask(parsed, AdminPaths.MemberOrder(member, order, grace), print) with { Method = HttpMethod.Post };
        return question.AskAsync(context, cancellationToken);
    }

    /// <returns>The exit code of what is not done; null to go on.</returns>
    private async Task<int?> UnconfirmedAsync(bool yes, string consequence, CancellationToken cancellationToken) =>
        !yes && await Confirmation.RefusalAsync(context, consequence, cancellationToken) is { } refusal
            ? await Failure.TellAsync(context, refusal, ExitCode.Usage)
            : null;

    private async Task<int> WithClientAsync(ParseResult parsed, Func<AdminClient, Task<int>> act)
    {
        if (ServerAddress.Resolve(parsed.GetValue(server), context, out var wrong) is not { } address)
            return await Failure.TellAsync(context, wrong!, ExitCode.Usage);
        using var client = new AdminClient(address, context.Handler(address), AdminClient.Deadline);
        return await act(client);
    }

    private static Argument<string> MemberArgument()
    {
        var name = new Argument<string>("NAME") { Description = "Its name, as \"member list\" lists it" };
        name.Validators.Add(static result =>
        {
            // Dots as a path segment would lead out of the place that the name has in the path.
            if (result.Tokens is [{ Value: "" or "." or ".." } token])
                result.AddError($"'{token.Value}' is no member's name; \"mcctl member list\" lists them");
        });
        return name;
    }

    private static Option<bool> YesOption() => new("--yes", "-y") { Description = "Don't ask back; needed where standard input is no terminal" };

    private static Option<TimeSpan?> DurationOption(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "DURATION" };
        option.CustomParser = result =>
        {
            if (Duration.Parse(result.Tokens[0].Value) is { } duration)
                return duration;
            result.AddError($"{name} takes a duration up to {Duration.Of(Duration.Longest)} such as 30s, 5m or 1h30m, not '{result.Tokens[0].Value}'");
            return null;
        };
        return option;
    }
}
