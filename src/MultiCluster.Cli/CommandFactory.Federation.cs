using System.CommandLine;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Commands about what the merging of members leads to.</summary>
public sealed partial class CommandFactory
{
    private Command IngressConflicts()
    {
        var ns = new Option<string?>("--namespace", "-n") { Description = "Only Ingresses of this namespace", HelpName = "NAMESPACE" };
        var fail = new Option<bool>("--fail") { Description = "Exit code 1 if there are conflicts" };
        var command = Named(
            "conflicts",
            "Lists the copies of Ingresses that contradict others, and what wins over them. With -o json, the Ingresses of these copies as a whole.",
            "mcctl ingress conflicts -n shop --fail",
            ns,
            fail);
        command.SetAction((parsed, cancellationToken) => WithClientAsync(
            parsed, client => new ConflictQuery(context, client, parsed.GetValue(ns), parsed.GetValue(fail)).RunAsync(parsed.GetValue(output), cancellationToken)));
        return command;
    }

    private Command BackendList() =>
        Asking<IReadOnlyList<BackendView>>(
            Named("list", "Lists the backends by proxy, with the share of new sessions that each member gets.", "mcctl backend list"),
            _ => AdminPaths.Backends,
            BackendViews.List);

    private Command BackendShow()
    {
        var key = KeyArgument("NAMESPACE/SERVICE", "The Service");
        return Asking<IReadOnlyList<BackendView>>(
            Named("show", "Shows how each proxy spreads the requests for a Service over the members, and by which policy. Exit code 1 if no route leads to it.", "mcctl backend show shop/shop", key),
            parsed => AdminPaths.BackendsOf(parsed.GetRequiredValue(key)),
            BackendViews.Show,
            static backends => backends.Count > 0);
    }
}
