using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Members;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Host.Configuration;

/// <summary>A member of the configuration; read from a folder, through a kubeconfig file, or with the pod's own service account.</summary>
/// <param name="Manifests">Folder; null for a member with an API server.</param>
/// <param name="KubeConfig">Null for a folder, and with <see cref="InCluster"/>.</param>
public sealed record MemberOptions(MemberName Name, string? Manifests, string? KubeConfig, string? Context, ImmutableArray<string> Namespaces)
{
    public bool InCluster { get; init; }

    /// <summary>The cluster whose FederatedIngress objects count, and whose Secrets and MemberClusters name further members.</summary>
    public bool IsHome { get; init; }

    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    public MemberState State { get; init; }

    public EndpointAccess Access { get; init; } = EndpointAccess.Default;

    /// <summary>Where the cluster's settings are kept in it; null: not here.</summary>
    public SettingsSource? Settings { get; init; }

    /// <summary>The Secret of the certificate that names get which no other covers; null: not here.</summary>
    public ObjectKey? DefaultCertificate { get; init; }
}

/// <summary>The configuration, checked.</summary>
public sealed record HostOptions
{
    public required Role Role { get; init; }

    public required NodeOptions Node { get; init; }

    public required PersistenceOptions Persistence { get; init; }

    public required ProxyNameOptions Proxy { get; init; }

    public required ImmutableArray<MemberOptions> Members { get; init; }

    public required MemberDiscoveryOptions Discovery { get; init; }

    public required MemberTimes MemberTimes { get; init; }

    public required FederationMode FederationMode { get; init; }

    /// <summary>The ConfigMap of settings in the home cluster; null: there is none.</summary>
    public SettingsSource? Settings { get; init; }

    /// <summary>ConfigMaps of headers, in each member.</summary>
    public EquatableArray<ObjectKey> HeaderMaps { get; init; } = [];

    /// <summary>ConfigMaps of TCP services, in each member.</summary>
    public EquatableArray<ObjectKey> TcpServices { get; init; } = [];

    /// <summary>Where ConfigMaps are that IngressClasses name as their parameters, in each member; null: none is read.</summary>
    public string? ParametersNamespace { get; init; }

    /// <summary>Keys of the labels of pods that are read, in each member.</summary>
    public EquatableArray<string> PodLabels { get; init; } = [];

    /// <summary>What the configuration says for all Ingresses.</summary>
    public required IngressDefaults Defaults { get; init; }

    public required ClassOptions Classes { get; init; }

    public required EndpointOptions Endpoints { get; init; }

    public required string HAProxyBinary { get; init; }

    public required string StateDirectory { get; init; }

    public required ProgramOptions Program { get; init; }

    /// <summary>Authorities of endpoints; null for the system's.</summary>
    public required string? CaFile { get; init; }

    public required TimeSpan StartFileDelay { get; init; }

    public required TimeSpan VerifyInterval { get; init; }

    public required TimeSpan MemberTimeout { get; init; }

    public required EquatableArray<string> StatusAddresses { get; init; }

    public required AdminOptions Admin { get; init; }

    public required MetricsOptions Metrics { get; init; }

    /// <summary>Null where no certificates are got.</summary>
    public required AcmeHostOptions? Acme { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required bool LogJson { get; init; }
}
