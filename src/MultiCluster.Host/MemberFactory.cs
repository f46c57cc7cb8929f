using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Members;
using MultiCluster.Host.Configuration;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Host;

/// <summary>Makes the source of each configured member.</summary>
internal static class MemberFactory
{
    /// <summary>A member of the configuration is registered anew by each run: one that was removed and is configured again is meant to be there.</summary>
    private static readonly string Run = $"run {Guid.NewGuid():n}";

    /// <summary>Why the member can't be read at all, as words after the configuration's key; null when it may be.</summary>
    public static string? Problem(MemberOptions options)
    {
        if (options.Manifests is { } folder)
            return Exists(Path.GetFullPath(folder)) ? null : $"names a folder that does not exist: {Path.GetFullPath(folder)}";
        if (options.InCluster)
            return KubeConfig.InCluster().Error is { } outside ? $"can't be used: {outside}" : null;
        return KubeConfig.Load(options.KubeConfig!, options.Context).Error is { } error ? $"can't be used: {error}" : null;
    }

    /// <summary>
    /// A folder may be away for a while, such as one in a mount: its member counts as unreachable then, which must keep nobody from starting.
    /// Where not even its parent exists the name is wrong.
    /// </summary>
    private static bool Exists(string folder) => Directory.Exists(folder) || Directory.Exists(Path.GetDirectoryName(folder));

    /// <returns>A registration, or what is wrong with the member's configuration.</returns>
    public static (MemberRegistration? Member, string? Error) Create(MemberOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        if (options.Manifests is { } folder)
            return (Folder(options.Name, folder, loggers, time) with
            {
                Origin = Run, Labels = options.Labels, State = options.State, IsConfigured = true, View = View(options, holdsShrinks: false),
            }, null);
        var (config, error) = options.InCluster ? KubeConfig.InCluster() : KubeConfig.Load(options.KubeConfig!, options.Context);
        return config is null ? (null, $"member {options.Name}: {error}") : (ApiServer(options, config, loggers, time) with
        {
            Origin = Run, Labels = options.Labels, State = options.State, IsConfigured = true, View = View(options, holdsShrinks: true),
        }, null);
    }

    /// <param name="holdsShrinks">A folder is what people make it; an API server may have lost what it knew.</param>
    private static MemberViewOptions View(MemberOptions options, bool holdsShrinks) =>
        new() { Access = options.Access, IsHome = options.IsHome, HoldsShrinks = holdsShrinks };

    private static MemberRegistration Folder(MemberName name, string folder, ILoggerFactory loggers, TimeProvider time)
    {
        var source = new ManifestFolderMember(name, folder, time, loggers.CreateLogger<ManifestFolderMember>());
        return new MemberRegistration(name, source, () => [.. source.Problems.Select(static problem => problem.ToString())], Status: null);
    }

    private static MemberRegistration ApiServer(MemberOptions options, KubeConfig config, ILoggerFactory loggers, TimeProvider time)
    {
        var client = new KubernetesClient(config, time);
        var source = new ApiServerMember(
            options.Name, client, options.Namespaces, new ReflectorOptions(), time, loggers.CreateLogger<ApiServerMember>())
        {
            Kinds = WatchedKinds.With(nodes: options.Access.Mode is EndpointMode.NodePort or EndpointMode.Auto, options.IsHome),
        };
        return new MemberRegistration(options.Name, source, () => [.. source.Problems.Select(static problem => problem.ToString())], new ApiServerStatus(new IngressStatusWriter(client)));
    }

    private sealed class ApiServerStatus(IngressStatusWriter writer) : IStatusSink
    {
        public async Task<string?> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
        {
            var result = await writer.WriteAsync(ingress, addresses, cancellationToken);
            return result.Outcome is StatusWriteOutcome.Ok or StatusWriteOutcome.NotFound ? null : result.Message;
        }
    }
}
