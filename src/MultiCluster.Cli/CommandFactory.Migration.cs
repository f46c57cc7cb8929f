using System.CommandLine;
using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Federation.Annotations;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Resources;

namespace MultiCluster.Cli;

/// <summary>Commands about annotations, which ask no server.</summary>
public sealed partial class CommandFactory
{
    private static readonly ResourceKind[] MovedKinds = [ResourceKind.IngressClass, ResourceKind.Ingress, ResourceKind.Service, ResourceKind.ConfigMap, ResourceKind.ReferenceGrant];

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
        var paths = Files();
        var kubeConfig = new Option<string?>("--kubeconfig") { Description = "Read a cluster instead: a list of Ingresses, Services, IngressClasses and ConfigMaps each, nothing is written", HelpName = "FILE" };
        var kubeContext = new Option<string?>("--context") { Description = "Context of the kubeconfig; its current one if left out", HelpName = "NAME" };
        var settings = SettingsOption();
        var services = TcpServicesOption();
        var command = Named(
            "check",
            "Tells of each annotation of Ingresses and Services, and of the settings and TCP services of their controllers, what becomes of it here: "
            + "keys by the catalogue, values by what reads them when they are served. "
            + "Exit code 0 if all are supported, differ only or need nothing here, 1 if one is planned, refused, unknown, misplaced or wrong, 2 if something can't be read.",
            "mcctl migrate check --kubeconfig ~/.kube/config --context old",
            paths,
            kubeConfig,
            kubeContext,
            settings,
            services);
        command.Validators.Add(result =>
        {
            if (result.GetResult(paths) is { Implicit: false } == result.GetResult(kubeConfig) is { Implicit: false })
                result.AddError("say what to read: either -f PATH or --kubeconfig FILE");
            if (result.GetValue(kubeContext) is not null && result.GetValue(kubeConfig) is null)
                result.AddError("--context is of a kubeconfig: add --kubeconfig FILE");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var maps = MapsOf(parsed, settings, services);
            return parsed.GetValue(kubeConfig) is { } file
                ? await CheckClusterAsync(file, parsed.GetValue(kubeContext), maps, parsed.GetValue(output), cancellationToken)
                : await TellAsync(MigrationReport.Of(ManifestReader.Read(parsed.GetValue(paths)!), maps, null, context.Time.GetUtcNow()), parsed.GetValue(output), cancellationToken);
        });
        return command;
    }

    private async Task<int> CheckClusterAsync(string file, string? name, SettingsMaps maps, OutputFormat format, CancellationToken cancellationToken)
    {
        var (config, error) = KubeConfig.Load(file, name);
        if (config is null)
            return await Failure.TellAsync(context, error!, ExitCode.Usage);
        var reading = await ClusterReader.ReadAsync(config, MovedKinds, context.Time, cancellationToken);
        return await TellAsync(MigrationReport.Of(reading, maps, config.Source, context.Time.GetUtcNow()), format, cancellationToken);
    }

    private async Task<int> TellAsync(MigrationView view, OutputFormat format, CancellationToken cancellationToken)
    {
        await Reply.WriteAsync(context, format, view, LocalJson.Default.MigrationView, MigrationViews.Show, cancellationToken);
        foreach (var problem in view.Problems)
            await Failure.TellAsync(context, problem, ExitCode.Usage);
        return view.Problems.Count > 0 ? ExitCode.Usage : view.IsClean ? ExitCode.Success : ExitCode.Failure;
    }

    private static Option<string[]> Several(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, AllowMultipleArgumentsPerToken = true };

    private static void Check(Option option, Predicate<string> isGood, string fix) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => !isGood(token.Value)))
            result.AddError($"'{token.Value}' of {option.Name} can't be read: {fix}");
    });

    private static string WithSlash(string prefix) => prefix.EndsWith('/') ? prefix : prefix + "/";

    private static IEnumerable<string> Prefixes() => AnnotationIndex.Families.SelectMany(static family => family.Prefixes).Distinct(StringComparer.Ordinal);
}
