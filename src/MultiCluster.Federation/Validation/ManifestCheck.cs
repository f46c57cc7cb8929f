using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Migration;
using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Validation;

/// <summary>
/// What the conditions would say of manifests, were they applied: judged by what judges them when they are served, in a member that has nothing else.
/// Pure, and total as that is.
/// </summary>
public static class ManifestCheck
{
    /// <param name="now">Decides which certificates are valid.</param>
    public static ManifestVerdict Of(ManifestInput input, DateTimeOffset now)
    {
        var classes = new ControllersOfClasses(input.Of<IngressClassResource>());
        var defaults = new DefaultsOfInput(input.AsMoved, classes);
        var asWritten = new Pass(input, defaults, now, isGenerous: false);
        var inAnyCase = new Pass(input, defaults, now, isGenerous: true);
        var findings = new List<ManifestFinding>(inAnyCase.Findings);
        findings.AddRange(asWritten.Findings.Except(inAnyCase.Findings)
            .Select(static finding => finding with { Level = FindingLevel.Warning, Text = SaidProblem.ByOperator + finding.Text }));
        findings.AddRange(TableFindings.Of(asWritten.Changes, asWritten.Fragments, now));
        findings.AddRange(OfAnnotations(input, asWritten.Foreign, findings));
        var maps = input.Of<ConfigMapResource>().ToList();
        findings.AddRange(maps.SelectMany(map => SettingsCheck.Of(map, input.AsMoved, now).Concat(TcpCheck.Of(map, input.TcpServices, maps)))
            .Select(static finding => Finding(finding.Holder, finding.Key, finding.Verdict, finding.Text)).OfType<ManifestFinding>());
        var judged = input.Distinct().Count(item => item is FederatedIngressResource or ServiceResource || (item is IngressResource && !asWritten.Foreign.Contains(item.Key)))
            + maps.Count(map => input.TcpServices.Contains(map.Key) || input.Settings.Any(source => source.ConfigMap == map.Key));
        return new ManifestVerdict(
            findings.Distinct().OrderBy(static item => item.Kind).ThenBy(static item => item.Key).ThenBy(static item => item.Field, StringComparer.Ordinal).ToEquatableArray(),
            judged,
            asWritten.Foreign.Count);
    }

    /// <summary>What the catalogue knows of an annotation that no reader has said anything about: misspelt ones above all.</summary>
    private static IEnumerable<ManifestFinding> OfAnnotations(ManifestInput input, IReadOnlySet<ObjectKey> foreign, IReadOnlyCollection<ManifestFinding> known)
    {
        var said = known.Select(static finding => (finding.Kind, finding.Key, finding.Field)).ToHashSet();
        return from item in input.Distinct()
               where item is ServiceResource || (item is IngressResource && !foreign.Contains(item.Key))
               from found in ObjectAnnotations.Check(item is ServiceResource ? AnnotationPlaces.Service : AnnotationPlaces.Ingress, item.Meta.Annotations)
               where !said.Contains((item.Kind, item.Key, AnnotationCatalogue.Label(found.Name)))
               let finding = Finding(item, AnnotationCatalogue.Label(found.Name), found.Verdict, found.Text)
               where finding is not null
               select finding;
    }

    /// <summary>Null for what is fine.</summary>
    private static ManifestFinding? Finding(Resource holder, string field, AnnotationVerdict verdict, string text) => verdict switch
    {
        AnnotationVerdict.Supported or AnnotationVerdict.Needless => null,
        AnnotationVerdict.Differs when !text.StartsWith(SaidProblem.ByOperator, StringComparison.Ordinal) => null,
        AnnotationVerdict.Differs or AnnotationVerdict.Planned or AnnotationVerdict.Misplaced =>
            new ManifestFinding(holder.Kind, holder.Key, field, FindingLevel.Warning, Reasons.UnsupportedAnnotation, text),
        AnnotationVerdict.Wrong => new ManifestFinding(holder.Kind, holder.Key, field, FindingLevel.Error, Reasons.InvalidPolicy, text),
        AnnotationVerdict.Refused or AnnotationVerdict.Unknown =>
            new ManifestFinding(holder.Kind, holder.Key, field, FindingLevel.Error, Reasons.UnsupportedAnnotation, text),
        _ => throw new InvalidOperationException($"Unknown verdict {verdict}."),
    };
}
