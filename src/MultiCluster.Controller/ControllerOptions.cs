using System.Collections.Immutable;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller;

/// <param name="Problems">What the source has to complain about besides lost connections.</param>
/// <param name="Status">Null when status can't be written.</param>
public sealed record MemberRegistration(
    MemberName Name,
    IMemberSource Source,
    Func<IReadOnlyList<string>> Problems,
    IStatusSink? Status);

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

    /// <summary>For sessions with proxies elsewhere; null where none can connect.</summary>
    public SessionOptions? Sessions { get; init; }
}
