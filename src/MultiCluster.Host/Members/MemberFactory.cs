using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Members;
using MultiCluster.Host.Configuration;
using MultiCluster.Host.Status;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Host.Members;

/// <summary>Makes the sources of members and their registrations.</summary>
internal sealed class MemberFactory(ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>A member of the configuration is registered anew by each run: one that was removed and is configured again is meant to be there.</summary>
    private static readonly string Run = $"run {Guid.NewGuid():n}";

    /// <summary>ConfigMaps of TCP services, in each member.</summary>
    public EquatableArray<ObjectKey> TcpServices { get; init; } = [];

    /// <summary>ConfigMaps of headers, in each member.</summary>
    public EquatableArray<ObjectKey> HeaderMaps { get; init; } = [];

    /// <summary>Where ConfigMaps are that IngressClasses name as their parameters, in each member; null: none is read.</summary>
    public string? ParametersNamespace { get; init; }

    /// <summary>Keys of the labels of pods that are read, in each member; empty: pods are not read.</summary>
    public EquatableArray<string> PodLabels { get; init; } = [];

    /// <summary>
    /// What keeps a controller from starting: only what nothing outside the configuration would mend. A file that is not there or is wrong is its
    /// member's problem, and is looked at again while the others are served.
    /// </summary>
    public static string? LastingProblem(MemberOptions options) =>
        options.InCluster && !KubeConfig.IsInCluster ? $"can't be used: {KubeConfig.InCluster().Error}" : null;

    /// <summary>Why the member can't be read at all now, as words after the configuration's key; null when it may be.</summary>
    public static string? Problem(MemberOptions options)
    {
        if (options.Manifests is { } folder)
            return Exists(Path.GetFullPath(folder)) ? null : $"names a folder that does not exist: {Path.GetFullPath(folder)}";
        if (options.InCluster)
            return KubeConfig.InCluster().Error is { } outside ? $"can't be used: {outside}" : null;
        return KubeConfig.Load(options.KubeConfig!, options.Context).Error is { } error ? $"can't be used: {error}" : null;
    }

    /// <summary>Where the credentials of a configured member come from; read anew when they change.</summary>
    public static KubeConfigSource CredentialsOf(MemberOptions options) =>
        options.InCluster ? KubeConfigSource.InCluster() : KubeConfigSource.File(options.KubeConfig!, options.Context);

    /// <param name="before">Its registration until now, which is read alike: its source goes on. Null when it is new, or to be read otherwise.</param>
    public MemberRegistration Create(MemberOptions options, MemberRegistration? before = null)
    {
        var isFolder = options.Manifests is not null;
        var member = before ?? (options.Manifests is { } folder
            ? Folder(options.Name, folder)
            : ApiServer(options.Name, CredentialsOf(options), [.. options.Namespaces], options.Access, options.IsHome, ViewOf(options, isFolder: false).ConfigMaps));
        return member with
        {
            Origin = Run,
            Labels = options.Labels,
            State = options.State,
            IsConfigured = true,
            View = ViewOf(options, isFolder),
        };
    }

    /// <param name="before">Its registration until now; null when it is new. Its source goes on where it may.</param>
    public MemberRegistration Create(MemberDefinition definition, KubeConfigSource credentials, MemberRegistration? before)
    {
        var view = new MemberViewOptions { Access = definition.Access, HoldsShrinks = true, ReadsGrants = true, TcpServices = TcpServices, HeaderMaps = HeaderMaps, ParametersNamespace = ParametersNamespace, PodLabels = PodLabels };
        var member = before ?? ApiServer(definition.Name, credentials, definition.Namespaces.Items, definition.Access, isHome: false, view.ConfigMaps);
        return member with
        {
            Origin = $"{definition.Origin} {definition.Uid}",
            Labels = definition.Labels,
            State = definition.State,
            HomeObject = definition.MemberCluster is { } named ? new HomeObject(named, definition.Generation) : null,
            View = view,
        };
    }

    /// <summary>
    /// A folder may be away for a while, such as one in a mount: its member counts as unreachable then, which must keep nobody from starting.
    /// Where not even its parent exists the name is wrong.
    /// </summary>
    private static bool Exists(string folder) => Directory.Exists(folder) || Directory.Exists(Path.GetDirectoryName(folder));

    private MemberViewOptions ViewOf(MemberOptions options, bool isFolder) => new()
    {
        Access = options.Access,
        IsHome = options.IsHome,
        HoldsShrinks = !isFolder,
        Settings = options.Settings,
        ReadsGrants = true,
        TcpServices = TcpServices,
        HeaderMaps = HeaderMaps,
        DefaultCertificate = options.DefaultCertificate,
        ParametersNamespace = ParametersNamespace,
        PodLabels = PodLabels,
    };

    private MemberRegistration Folder(MemberName name, string folder)
    {
        // A folder is what people make it; an API server may have lost what it knew.
        var source = new ManifestFolderMember(name, folder, time, loggers.CreateLogger<ManifestFolderMember>());
        return new MemberRegistration(name, source, () => [.. source.Problems.Select(static problem => problem.ToString())], Status: null);
    }

    private MemberRegistration ApiServer(MemberName name, KubeConfigSource credentials, IReadOnlyCollection<string> namespaces, EndpointAccess access, bool isHome, IReadOnlyList<ObjectKey> configMaps)
    {
        var source = new RotatingMember(name, credentials, time, loggers.CreateLogger<RotatingMember>())
        {
            Namespaces = namespaces,
            Kinds = WatchedKinds.With(nodes: access.Mode is EndpointMode.NodePort or EndpointMode.Auto, isHome, grants: true, pods: PodLabels.Count > 0),
            ConfigMaps = configMaps,
        };
        return new MemberRegistration(
            name, source, () => [.. source.Problems.Select(static problem => problem.ToString())], new IngressStatusSink(source))
        {
            CredentialProblem = () => source.CredentialProblem,
            Events = new EventSink(source, time),
            Secrets = new SecretSink(source),
            Federated = isHome ? new FederatedStatusSink(source, time) : null,
            MemberClusters = isHome ? new MemberClusterSink(source, time) : null,
        };
    }
}
