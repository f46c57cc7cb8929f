using System.Collections.Immutable;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
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

    public MemberTimes MemberTimes { get; init; } = new();

    /// <summary>For sessions with proxies elsewhere; null where none can connect.</summary>
    public SessionOptions? Sessions { get; init; }
}
