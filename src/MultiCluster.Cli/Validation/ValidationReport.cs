using System.Text.Json.Serialization;
using MultiCluster.Cli.Migration;
using MultiCluster.Federation.Validation;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;

namespace MultiCluster.Cli.Validation;

/// <param name="Objects">Those that were judged.</param>
/// <param name="OfOthers">Ingresses whose class is another controller's.</param>
/// <param name="Unread">Files and folders that can't be read.</param>
internal sealed record ValidationView(
    int Objects, IReadOnlyList<ValidationFindingView> Findings, int Errors, int Warnings, int OfOthers, IReadOnlyList<string> Unread);

/// <param name="Line">Where the document begins; null where it isn't known.</param>
/// <param name="Kind">Empty, as is the name, where the file itself is wrong.</param>
/// <param name="Key">Annotation or field.</param>
/// <param name="Level">error or warning.</param>
/// <param name="Reason">As conditions have it.</param>
/// <param name="Text">What is wrong with the key, and the fix.</param>
internal sealed record ValidationFindingView(
    string File, int? Line, string Kind, string Namespace, string Name, string Key, string Level, string Reason, string Text)
{
    [JsonIgnore]
    public bool IsError => Level == ValidationReport.Error;
}

/// <summary>What is wrong with manifests, with the file of each.</summary>
internal static class ValidationReport
{
    public const string Error = "error";
    private const string Warning = "warning";

    public static ManifestInput InputOf(ManifestReading reading, SettingsMaps maps)
    {
        var objects = reading.Objects.Select(static item => item.Resource).ToEquatableArray();
        return new ManifestInput(objects) { Settings = maps.SettingsOf(objects), TcpServices = maps.TcpServicesOf(objects) };
    }

    public static ValidationView Of(ManifestReading reading, ManifestInput input, ManifestVerdict verdict, bool isStrict)
    {
        var files = reading.Objects.DistinctBy(static item => (item.Resource.Kind, item.Resource.Key))
            .ToDictionary(static item => (item.Resource.Kind, item.Resource.Key), static item => item.File);
        ValidationFindingView[] findings =
        [
            .. reading.Faults.Select(static fault => new ValidationFindingView(fault.File, fault.Line, "", "", "", "", Error, Reasons.InvalidObject, fault.Message)),
            .. reading.Objects.Where(item => files[(item.Resource.Kind, item.Resource.Key)] != item.File)
                .Select(item => Twice(item, files[(item.Resource.Kind, item.Resource.Key)])),
            .. verdict.Findings.Select(finding => new ValidationFindingView(
                files.GetValueOrDefault((finding.Kind, finding.Key), ""),
                null,
                finding.Kind.ToString(),
                finding.Key.Namespace,
                finding.Key.Name,
                finding.Field,
                isStrict || finding.Level == FindingLevel.Error ? Error : Warning,
                finding.Reason,
                finding.Text)),
        ];
        string[] missing =
        [
            .. input.Settings.Select(static source => source.ConfigMap).Concat(input.TcpServices)
                .Where(key => !files.ContainsKey((ResourceKind.ConfigMap, key)))
                .Select(static key => $"ConfigMap {key} is not among the files; name one that is there"),
        ];
        var errors = findings.Count(static finding => finding.IsError);
        return new ValidationView(
            verdict.Judged,
            [.. findings.OrderBy(static finding => finding.File, StringComparer.Ordinal).ThenBy(static finding => finding.Line ?? int.MaxValue)],
            errors,
            findings.Length - errors,
            verdict.OfOthers,
            [.. reading.Problems, .. missing]);
    }

    private static ValidationFindingView Twice(ManifestObject item, string first)
    {
        var key = item.Resource.Key;
        return new ValidationFindingView(
            item.File, null, item.Resource.Kind.ToString(), key.Namespace, key.Name, "metadata.name", Error, Reasons.InvalidObject, $"is already in {first}, which counts; remove one");
    }
}
