using MultiCluster.Actors;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>As <see cref="IngressFederation"/> merges.</summary>
internal delegate IngressMerge IngressMerging(
    ObjectKey key,
    IReadOnlyCollection<IngressCopy> copies,
    DateTimeOffset now,
    FederationContext context,
    EquatableArray<RecordedRank> ranks,
    CertificateCache? certificates,
    TrafficPolicy? before);

/// <summary>What all entities of a node share.</summary>
public sealed record EntityContext(
    CertificateCache Certificates,
    IHostResolver Resolver,
    IEntityStore Store,
    IActorRef RouteTable,
    IActorRef? Status)
{
    /// <summary>Null where nobody is told.</summary>
    public Reporters? Reporters { get; init; }

    public FederationMode Mode { get; init; }

    /// <summary>What the configuration says for all Ingresses.</summary>
    public IngressDefaults Defaults { get; init; } = IngressDefaults.None;

    /// <summary>Null where no certificates are got.</summary>
    internal AcmeParts? Acme { get; init; }

    /// <summary>Of the copies of an Ingress.</summary>
    internal IngressMerging Merge { get; init; } = IngressFederation.Merge;

    public EndpointOptions Endpoints { get; init; } = EndpointOptions.Default;
}
