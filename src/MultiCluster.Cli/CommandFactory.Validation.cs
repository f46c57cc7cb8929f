using System.CommandLine;
using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Validation;
using MultiCluster.Cli.Views;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Validation;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Cli;

/// <summary>The check of manifests before they are applied, which asks no server.</summary>
public sealed partial class CommandFactory
{
    private Command Validate()
    {
        var paths = Files();
        paths.Required = true;
        var classes = Several("--class", "IngressClass that is ours; those that are not among the files all are, if left out", "NAME");
        Check(classes, static text => DnsNames.IsSubdomain(text), "write the name of an IngressClass");
        var members = Several("--member", "Cluster that there is, so that names of others are errors", "NAME");
        Check(members, static text => DnsNames.IsLabel(text), "write the name of a cluster");
        var settings = SettingsOption();
        var services = TcpServicesOption();
        var strict = new Option<bool>("--strict") { Description = "Warnings are errors: all that is named must be among the files" };
        var command = Named(
            "validate",
            "Tells what is wrong in manifests before they are applied, as conditions would tell it: they are judged by what serves them, and need neither a controller nor a cluster. "
            + "Ingresses, Services, Secrets, ConfigMaps, IngressClasses, ReferenceGrants, FederatedIngresses and MemberClusters are read, other kinds passed over. "
            + "What may be elsewhere, such as a Secret that is named, is a warning. Exit code 0 if nothing is wrong, 1 if something is, 2 if a file can't be read.",
            "mcctl validate -f manifests/ --class multicluster --member aws --member gcp",
            paths,
            classes,
            members,
            settings,
            services,
            strict);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reading = ManifestReader.Read(parsed.GetRequiredValue(paths));
            var input = ValidationReport.InputOf(reading, MapsOf(parsed, settings, services)) with
            {
                Classes = (parsed.GetValue(classes) ?? []).ToEquatableArray(),
                Members = (parsed.GetValue(members) ?? []).Select(static name => new MemberName(name)).ToEquatableArray(),
            };
            var view = ValidationReport.Of(reading, input, ManifestCheck.Of(input, context.Time.GetUtcNow()), parsed.GetValue(strict));
            await Reply.WriteAsync(context, parsed.GetValue(output), view, LocalJson.Default.ValidationView, ValidationViews.Show, cancellationToken);
            foreach (var problem in view.Unread)
                await Failure.TellAsync(context, problem, ExitCode.Usage);
            return view.Unread.Count > 0 ? ExitCode.Usage : view.Errors > 0 ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static Option<string[]> Files() => new("--file", "-f")
    {
        Description = "Manifests, or folders with manifests, as for kubectl apply; may be given several times",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private static Option<string[]> SettingsOption()
    {
        var settings = Several("--settings", "ConfigMap of a controller's settings; those with the usual names if left out", "PREFIX=NAMESPACE/NAME");
        Check(settings, static text => SettingsMaps.SourceOf(text) is not null, "write haproxy.org, haproxy-ingress.github.io or nginx.ingress.kubernetes.io, '=' and NAMESPACE/NAME");
        return settings;
    }

    private static Option<string[]> TcpServicesOption()
    {
        var services = Several("--tcp-services", "ConfigMap of TCP services; those with the usual names if left out", "NAMESPACE/NAME");
        Check(services, static text => SettingsMaps.KeyOf(text) is not null, "write NAMESPACE/NAME");
        return services;
    }

    private static SettingsMaps MapsOf(ParseResult parsed, Option<string[]> settings, Option<string[]> services) => new(
        [.. (parsed.GetValue(settings) ?? []).Select(SettingsMaps.SourceOf).OfType<SettingsSource>()],
        [.. (parsed.GetValue(services) ?? []).Select(SettingsMaps.KeyOf).OfType<ObjectKey>()]);
}
