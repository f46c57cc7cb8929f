using System.CommandLine;
using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Federation.Annotations;
using MultiCluster.Kubernetes.Manifests;

namespace MultiCluster.Cli;

/// <summary>Commands about annotations, which ask no server.</summary>
public sealed partial class CommandFactory
{
    private static readonly string[] Statuses = [.. Enum.GetNames<AnnotationStatus>().Select(static name => name.ToLowerInvariant())];

    private Command Annotations()
    {
        var prefix = new Option<string?>("--prefix") { Description = "Only those of this prefix, such as haproxy.org", HelpName = "PREFIX" };
        prefix.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && !AnnotationIndex.FamiliesOf(WithSlash(token.Value)).Any())
                result.AddError($"'{token.Value}' is no prefix that is known; there are {string.Join(", ", Prefixes())}");
        });
        var status = new Option<string?>("--status") { Description = "Only those of this status", HelpName = string.Join('|', Statuses) };
        status.AcceptOnlyFromAmong(Statuses);
        var coverage = new Option<bool>("--coverage") { Description = "How many keys of each controller have which status, and why the refused ones are" };
        var command = Named(
            "annotations",
            "Lists the annotations of MultiCluster, of the two HAProxy ingress controllers and of ingress-nginx, and what becomes of each here. What is planned is not applied yet.",
            "mcctl annotations --prefix haproxy.org --status refused",
            prefix,
            status,
            coverage);
        command.Validators.Add(result =>
        {
            if (result.GetValue(coverage) && result.GetValue(status) is not null)
                result.AddError("--coverage counts every status: leave --status out");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(coverage))
            {
                var counts = CoverageLists.Of(parsed.GetValue(prefix) is { } only ? WithSlash(only) : null);
                return Reply.WriteAsync(context, parsed.GetValue(output), counts, LocalJson.Default.CoverageView, CoverageViews.Show, cancellationToken);
            }

            var view = AnnotationLists.Of(parsed.GetValue(prefix) is { } wanted ? WithSlash(wanted) : null, parsed.GetValue(status));
            return Reply.WriteAsync(context, parsed.GetValue(output), view, LocalJson.Default.AnnotationListView, AnnotationViews.List, cancellationToken);
        });
        return command;
    }

    private Command MigrateCheck()
    {
        var paths = new Option<string[]>("--file", "-f")
        {
            Description = "Manifests, or folders with manifests, as for kubectl apply; may be given several times",
            HelpName = "PATH",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var command = Named(
            "check",
            "Tells of each annotation of Ingresses and Services in manifests what becomes of it here. "
            + "Exit code 0 if all are supported, differ only or need nothing here, 1 if one is planned, refused, unknown, misplaced or wrong, 2 if something can't be read.",
            "mcctl migrate check -f manifests/",
            paths);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var view = MigrationReport.Of(ManifestReader.Read(parsed.GetRequiredValue(paths)));
            await Reply.WriteAsync(context, parsed.GetValue(output), view, LocalJson.Default.MigrationView, MigrationViews.Show, cancellationToken);
            foreach (var problem in view.Problems)
                await Failure.TellAsync(context, problem, ExitCode.Usage);
            return view.Problems.Count > 0 ? ExitCode.Usage : view.IsClean ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static string WithSlash(string prefix) => prefix.EndsWith('/') ? prefix : prefix + "/";

    private static IEnumerable<string> Prefixes() => AnnotationIndex.Families.SelectMany(static family => family.Prefixes).Distinct(StringComparer.Ordinal);
}
