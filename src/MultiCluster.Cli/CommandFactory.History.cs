using System.CommandLine;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>The past.</summary>
public sealed partial class CommandFactory
{
    private const string TimeForms = "2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 2h, 3d";

    private Command IngressHistory()
    {
        var key = KeyArgument("NAMESPACE/NAME", "The Ingress");
        var since = Since();
        var command = Named("history", "Tells what was decided about an Ingress, when and why.", "mcctl ingress history shop/shop --since 2h", key);
        command.Options.Add(since);
        return Asking<HistoryView>(
            command, parsed => AdminPaths.HistoryOf(SplitKey(parsed.GetRequiredValue(key)) is var (ns, name) ? AdminPaths.Ingress(ns, name) : "", parsed.GetValue(since)), HistoryViews.Show);
    }

    private Command BackendHistory()
    {
        var key = KeyArgument("NAMESPACE/SERVICE", "The Service");
        var since = Since();
        var command = Named("history", "Tells how the endpoints of a Service changed, when and why.", "mcctl backend history shop/cart --since 15m", key);
        command.Options.Add(since);
        return Asking<HistoryView>(
            command, parsed => AdminPaths.HistoryOf(SplitKey(parsed.GetRequiredValue(key)) is var (ns, name) ? AdminPaths.Backend(ns, name) : "", parsed.GetValue(since)), HistoryViews.Show);
    }

    private Command MemberHistory()
    {
        var name = new Argument<string>("NAME") { Description = "The member" };
        var since = Since();
        var command = Named("history", "Tells what became of a member, when and why.", "mcctl member history aws", name);
        command.Options.Add(since);
        return Asking<HistoryView>(command, parsed => AdminPaths.HistoryOf(AdminPaths.Member(parsed.GetRequiredValue(name)), parsed.GetValue(since)), HistoryViews.Show);
    }

    private Command Diff()
    {
        var from = new Option<string>("--from") { Description = $"A time: {TimeForms}", Required = true, HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Now if not said", HelpName = "TIME" };
        var command = Named("diff", "Tells what of all routes, endpoints and certificates changed between two times.", "mcctl diff --from 2h --to 1h");
        command.Options.Add(from);
        command.Options.Add(to);
        return Asking<TableDiffView>(command, parsed => AdminPaths.DiffOf(parsed.GetRequiredValue(from), parsed.GetValue(to)), HistoryViews.Diff);
    }

    private static Option<string?> Since() => new("--since") { Description = $"Only from then on: {TimeForms}", HelpName = "TIME" };
}
