using MultiCluster.Federation.Annotations;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Resources;

namespace MultiCluster.Cli.Migration;

/// <param name="Objects">Ingresses and Services that were read.</param>
/// <param name="Counts">By result; all of them.</param>
/// <param name="PassedOver">Annotations that are no ingress controller's of those that are known.</param>
/// <param name="Problems">What can't be read, or not whole.</param>
internal sealed record MigrationView(
    int Objects, IReadOnlyList<MigrationFindingView> Findings, IReadOnlyDictionary<string, int> Counts, int PassedOver, IReadOnlyList<string> Problems)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsClean => Findings.All(static finding => finding.Result is "supported" or "differs" or "needless");
}

/// <param name="Result">supported, differs, needless, planned (not applied yet), refused, wrong (the value), misplaced or unknown.</param>
/// <param name="Policy">Null when the key is unknown.</param>
/// <param name="Text">Continues the key.</param>
internal sealed record MigrationFindingView(
    string File, string Kind, string Namespace, string Name, string Key, string Result, string? Policy, string Text);

/// <summary>What becomes of the annotations of manifests.</summary>
internal static class MigrationReport
{
    public static MigrationView Of(ManifestReading reading)
    {
        var objects = reading.Objects.Where(static item => item.Resource.Kind is ResourceKind.Ingress or ResourceKind.Service).ToList();
        var findings = objects.SelectMany(Findings).ToList();
        var counts = Enum.GetValues<AnnotationVerdict>()
            .ToDictionary(AnnotationLists.Word, verdict => findings.Count(finding => finding.Result == AnnotationLists.Word(verdict)), StringComparer.Ordinal);
        var passedOver = objects.Sum(static item => item.Resource.Meta.Annotations.Count) - findings.Count;
        return new MigrationView(objects.Count, findings, counts, passedOver, reading.Problems);
    }

    private static IEnumerable<MigrationFindingView> Findings(ManifestObject item)
    {
        var place = item.Resource.Kind == ResourceKind.Ingress ? AnnotationPlaces.Ingress : AnnotationPlaces.Service;
        return ObjectAnnotations.Check(place, item.Resource.Meta.Annotations).Select(finding => new MigrationFindingView(
            item.File,
            item.Resource.Kind.ToString(),
            item.Resource.Key.Namespace,
            item.Resource.Key.Name,
            finding.Name,
            AnnotationLists.Word(finding.Verdict),
            finding.Known?.Entry.Policy,
            finding.Text));
    }
}
