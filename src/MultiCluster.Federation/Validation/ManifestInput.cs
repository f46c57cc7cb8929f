using MultiCluster.Federation.Migration;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Validation;

/// <summary>Manifests that are to be applied to one member, the home cluster if they hold FederatedIngresses.</summary>
/// <param name="Objects">Of two with one kind and key the first counts.</param>
public sealed record ManifestInput(EquatableArray<Resource> Objects)
{
    /// <summary>IngressClasses that are taken for ours though they are not among the objects; empty: every one that is not.</summary>
    public EquatableArray<string> Classes { get; init; } = [];

    /// <summary>Every cluster there is; empty: unknown, and then no name of one is wrong.</summary>
    public EquatableArray<MemberName> Members { get; init; } = [];

    /// <summary>ConfigMaps of settings.</summary>
    public EquatableArray<SettingsSource> Settings { get; init; } = [];

    /// <summary>ConfigMaps of TCP services.</summary>
    public EquatableArray<ObjectKey> TcpServices { get; init; } = [];

    internal MigrationInput AsMoved => new(Objects, Settings, TcpServices);

    internal IEnumerable<T> Of<T>()
        where T : Resource => Objects.OfType<T>().DistinctBy(static item => item.Key);

    internal IEnumerable<Resource> Distinct() => Objects.Items.DistinctBy(static item => (item.Kind, item.Key));

    /// <summary>Labels of clusters are never known here; without the clusters, no name of one is either.</summary>
    internal Resource WithoutPlaces(Resource item) => item is FederatedIngressResource { Placement: { } placement } federated
        ? federated with { Placement = Members.IsEmpty || placement.ClusterNames.IsEmpty ? null : placement with { MatchLabels = EquatableMap.Empty } }
        : item;
}

public enum FindingLevel
{
    /// <summary>Whether it is wrong depends on what is not among the manifests: other objects, or the configuration file.</summary>
    Warning,

    /// <summary>A part of the object, or all of it, will not be served as written.</summary>
    Error,
}

/// <param name="Field">Such as spec.rules[0].host, or the name of an annotation.</param>
/// <param name="Reason">As conditions have it: <see cref="Reasons"/>.</param>
/// <param name="Text">For people: continues the field, and ends with the fix.</param>
public sealed record ManifestFinding(ResourceKind Kind, ObjectKey Key, string Field, FindingLevel Level, string Reason, string Text);

/// <param name="Judged">Ingresses, FederatedIngresses, Services and ConfigMaps that were looked at.</param>
/// <param name="OfOthers">Ingresses whose class is another controller's.</param>
public sealed record ManifestVerdict(EquatableArray<ManifestFinding> Findings, int Judged, int OfOthers);
