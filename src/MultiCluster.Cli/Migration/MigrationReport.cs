using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Migration;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Collections;

namespace MultiCluster.Cli.Migration;

/// <param name="Source">The kubeconfig and its context; null: files.</param>
/// <param name="Objects">Ingresses, Services and ConfigMaps that were looked at.</param>
/// <param name="Counts">By result; all of them.</param>
/// <param name="PassedOver">Annotations that are no ingress controller's of those that are known.</param>
/// <param name="OfOthers">Ingresses whose class is another controller's.</param>
/// <param name="Problems">What can't be read, or not whole.</param>
internal sealed record MigrationView(
    string? Source,
    int Objects,
    IReadOnlyList<MigrationFindingView> Findings,
    IReadOnlyDictionary<string, int> Counts,
    int PassedOver,
    int OfOthers,
    IReadOnlyList<string> Problems)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsClean => Findings.All(static finding => finding.Result is "supported" or "differs" or "needless");
}

/// <param name="File">Empty for an object of a cluster.</param>
/// <param name="Key">Name of an annotation, key of a ConfigMap, or field of an Ingress.</param>
/// <param name="Result">supported, differs, needless, planned (not applied yet), refused, wrong (the value), misplaced or unknown.</param>
/// <param name="Policy">Null when the key is unknown.</param>
/// <param name="Text">Continues the key.</param>
internal sealed record MigrationFindingView(
    string File, string Kind, string Namespace, string Name, string Key, string Result, string? Policy, string Text);

/// <summary>What becomes of what objects say.</summary>
internal static class MigrationReport
{
    /// <param name="now">Decides which certificates are valid.</param>
    public static MigrationView Of(ManifestReading reading, SettingsMaps maps, string? source, DateTimeOffset now)
    {
        var objects = reading.Objects.Select(static item => item.Resource).ToEquatableArray();
        var files = new Dictionary<object, string>(ReferenceEqualityComparer.Instance);
        foreach (var item in reading.Objects)
            files.TryAdd(item.Resource, item.File);
        var input = new MigrationInput(objects, maps.SettingsOf(objects), maps.TcpServicesOf(objects));
        var result = MigrationCheck.Of(input, now);
        var findings = result.Findings.Select(finding => new MigrationFindingView(
            files[finding.Holder],
            finding.Holder.Kind.ToString(),
            finding.Holder.Key.Namespace,
            finding.Holder.Key.Name,
            finding.Key,
            AnnotationLists.Word(finding.Verdict),
            finding.Policy,
            finding.Text)).ToList();
        var counts = Enum.GetValues<AnnotationVerdict>()
            .ToDictionary(AnnotationLists.Word, verdict => findings.Count(finding => finding.Result == AnnotationLists.Word(verdict)), StringComparer.Ordinal);
        string[] missing =
        [
            .. input.Settings.Select(static item => item.ConfigMap).Concat(input.TcpServices)
                .Where(key => !objects.Any(item => item.Kind == Model.Resources.ResourceKind.ConfigMap && item.Key == key))
                .Select(static key => $"ConfigMap {key} is not among what was read; name one that is there"),
        ];
        return new MigrationView(source, result.Objects, findings, counts, result.PassedOver, result.OfOthers, [.. reading.Faults.Select(static fault => fault.ToString()), .. reading.Problems, .. missing]);
    }
}
