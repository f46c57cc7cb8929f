using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Status;
using MultiCluster.Host.Configuration;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host;

/// <summary>Makes the source of each configured member.</summary>
internal static class MemberFactory
{
    /// <summary>Why the member can't be read at all, as words after the configuration's key; null when it may be.</summary>
    public static string? Problem(MemberOptions options)
    {
        if (options.Manifests is { } folder)
            return Exists(Path.GetFullPath(folder)) ? null : $"names a folder that does not exist: {Path.GetFullPath(folder)}";
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
            return (Folder(options.Name, folder, loggers, time), null);
        var (config, error) = KubeConfig.Load(options.KubeConfig!, options.Context);
        return config is null ? (null, $"member {options.Name}: {error}") : (ApiServer(options, config, loggers, time), null);
    }

    private static MemberRegistration Folder(MemberName name, string folder, ILoggerFactory loggers, TimeProvider time)
    {
        var source = new ManifestFolderMember(name, folder, time, loggers.CreateLogger<ManifestFolderMember>());
        return new MemberRegistration(name, source, () => [.. source.Problems.Select(static problem => problem.ToString())], Status: null);
    }

    private static MemberRegistration ApiServer(MemberOptions options, KubeConfig config, ILoggerFactory loggers, TimeProvider time)
    {
        var client = new KubernetesClient(config, time);
        var source = new ApiServerMember(
            options.Name, client, options.Namespaces, new ReflectorOptions(), time, loggers.CreateLogger<ApiServerMember>());
        return new MemberRegistration(options.Name, source, static () => [], new ApiServerStatus(new IngressStatusWriter(client)));
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
