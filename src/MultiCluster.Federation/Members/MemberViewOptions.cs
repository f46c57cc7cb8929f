using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Members;

/// <summary>What of a member is read, and how.</summary>
public sealed record MemberViewOptions
{
    /// <summary>Pods only, no FederatedIngress, nothing held back.</summary>
    public static readonly MemberViewOptions Default = new();

    /// <summary>Nodes are read where Services may be reached by NodePort.</summary>
    public EndpointAccess Access { get; init; } = EndpointAccess.Default;

    /// <summary>FederatedIngresses are read from the home cluster alone.</summary>
    public bool IsHome { get; init; }

    /// <summary>
    /// Promise P2: a list that lacks more than half of what was known, or has nothing of it, is held. Not for manifest folders, whose every
    /// change is a list.
    /// </summary>
    public bool HoldsShrinks { get; init; }

    /// <summary>Where the settings for all Ingresses and proxies are kept; of the home cluster alone.</summary>
    public SettingsSource? Settings { get; init; }

    /// <summary>The Secret of the certificate that names get which no other covers; of the home cluster alone. Null: none, or as the settings say.</summary>
    public ObjectKey? DefaultCertificate { get; init; }

    /// <summary>ConfigMaps of TCP services; of two that have a port the first counts.</summary>
    public EquatableArray<ObjectKey> TcpServices { get; init; } = [];

    /// <summary>ConfigMaps of headers, which annotations of Ingresses of their namespaces name.</summary>
    public EquatableArray<ObjectKey> HeaderMaps { get; init; } = [];

    /// <summary>Whether grants are read by which a namespace lets others use its Secrets.</summary>
    public bool ReadsGrants { get; init; }

    /// <summary>Where the ConfigMaps are that IngressClasses name as their parameters; null: none is read.</summary>
    public string? ParametersNamespace { get; init; }

    /// <summary>Keys of the labels of pods that are read; empty: pods are not read.</summary>
    public EquatableArray<string> PodLabels { get; init; } = [];

    /// <summary>The ConfigMaps that are read; one without a name stands for all of its namespace.</summary>
    public IReadOnlyList<ObjectKey> ConfigMaps =>
    [
        .. (Settings is { } settings ? TcpServices.Prepend(settings.ConfigMap) : TcpServices).Concat(HeaderMaps).Distinct().Where(key => key.Namespace != ParametersNamespace),
        .. ParametersNamespace is { } space ? (ReadOnlySpan<ObjectKey>)[new ObjectKey(space, "")] : [],
    ];

    internal bool ReadsNodes => Access.Mode is EndpointMode.NodePort or EndpointMode.Auto;
}
