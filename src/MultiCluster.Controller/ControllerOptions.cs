using System.Collections.Immutable;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller;

/// <param name="Problems">What the source has to complain about besides lost connections.</param>
/// <param name="Status">Null when status can't be written.</param>
public sealed record MemberRegistration(
    MemberName Name,
    IMemberSource Source,
    Func<IReadOnlyList<string>> Problems,
    IStatusSink? Status)
{
    /// <summary>See <see cref="MemberTraits.Origin"/>.</summary>
    public string Origin { get; init; } = "";

    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    public MemberState State { get; init; }

    /// <summary>What of it is read, and how its Services are reached.</summary>
    public MemberViewOptions View { get; init; } = MemberViewOptions.Default;

    /// <summary>Why credentials are not used that there are for it; gives null while nothing is wrong. Asked where the source runs; null where it needs none.</summary>
    public Func<string?>? CredentialProblem { get; init; }

    /// <summary>Null where certificates can't be kept.</summary>
    public ISecretSink? Secrets { get; init; }

    /// <summary>Null when Events can't be written there.</summary>
    public IEventSink? Events { get; init; }

    /// <summary>Of the home cluster's FederatedIngresses; null for other members, and where it can't be written.</summary>
    public IFederatedStatusSink? Federated { get; init; }

    /// <summary>The MemberCluster that registered it; null when it was none.</summary>
    public HomeObject? HomeObject { get; init; }

    /// <summary>Of the home cluster's MemberClusters; null for other members, and where it can't be written.</summary>
    public IMemberClusterSink? MemberClusters { get; init; }

    /// <summary>The configuration names it, so that it can't be removed but there.</summary>
    public bool IsConfigured { get; init; }
}

/// <summary>All that a controller is made of; built by the composition root.</summary>
/// <param name="Proxy">Of the HAProxy beside it; null where there is none.</param>
public sealed record ControllerOptions(
    ImmutableArray<MemberRegistration> Members,
    ClassOptions Classes,
    TimeSpan MemberTimeout,
    EquatableArray<string> StatusAddresses,
    ProxySettings? Proxy,
    IHostResolver Resolver,
    ClusterSetup Cluster)
{
    public EndpointOptions Endpoints { get; init; } = EndpointOptions.Default;

    /// <summary>Tell of members that are not among <see cref="Members"/>, while the program runs.</summary>
    public ImmutableArray<IMemberFeed> Feeds { get; init; } = [];

    public FederationMode Mode { get; init; }

    /// <summary>What the configuration says for all Ingresses.</summary>
    public IngressDefaults Defaults { get; init; } = IngressDefaults.None;

    public MemberTimes MemberTimes { get; init; } = new();

    /// <summary>Null where no certificates are got.</summary>
    public AcmeSettings? Acme { get; init; }

    /// <summary>For sessions with proxies elsewhere; null where none can connect.</summary>
    public SessionOptions? Sessions { get; init; }
}
