using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>Objects of a cluster, or of manifests, that are to be served here.</summary>
/// <param name="Settings">ConfigMaps of settings.</param>
/// <param name="TcpServices">ConfigMaps of TCP services.</param>
public sealed record MigrationInput(
    EquatableArray<Resource> Objects, EquatableArray<SettingsSource> Settings, EquatableArray<ObjectKey> TcpServices)
{
    internal IEnumerable<T> Of<T>()
        where T : Resource => Objects.OfType<T>();
}

/// <summary>What becomes of one thing that an object says.</summary>
/// <param name="Holder">One of the objects that were given.</param>
/// <param name="Key">Name of an annotation, key of a ConfigMap, or field of an Ingress such as spec.rules[0].host.</param>
/// <param name="Policy">Null where the key is unknown, or no annotation.</param>
/// <param name="Text">For people; continues the key.</param>
public sealed record MigrationFinding(Resource Holder, string Key, AnnotationVerdict Verdict, string? Policy, string Text);

/// <param name="Objects">Ingresses, Services and ConfigMaps that were looked at.</param>
/// <param name="PassedOver">Annotations that are no ingress controller's of those that are known.</param>
/// <param name="OfOthers">Ingresses whose class is another controller's.</param>
public sealed record MigrationResult(int Objects, IReadOnlyList<MigrationFinding> Findings, int PassedOver, int OfOthers);
