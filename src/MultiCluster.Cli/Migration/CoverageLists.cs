using MultiCluster.Federation.Annotations;

namespace MultiCluster.Cli.Migration;

internal sealed record CoverageView(IReadOnlyList<ControllerCoverageView> Controllers, IReadOnlyList<RefusedView> Refused);

/// <param name="OnObjects">Of keys that are read on Ingresses and Services.</param>
/// <param name="Everywhere">Of all, those of ConfigMaps and classes, too.</param>
internal sealed record ControllerCoverageView(string Controller, string Prefix, CountsView OnObjects, CountsView Everywhere);

internal sealed record CountsView(int Keys, int Supported, int Differs, int Needless, int Refused, int Planned);

/// <param name="Places">Where that controller reads it.</param>
internal sealed record RefusedView(string Name, string Controller, IReadOnlyList<string> Places, string Why);

/// <summary>How much of what other controllers take is taken here.</summary>
internal static class CoverageLists
{
    /// <param name="prefix">Null: those of all; else with its slash.</param>
    public static CoverageView Of(string? prefix)
    {
        var families = (prefix is null ? AnnotationIndex.Families : AnnotationIndex.FamiliesOf(prefix)).ToList();
        return new CoverageView(
            [.. families.Select(AnnotationCoverage.Of).Select(static item => new ControllerCoverageView(item.Family.Title, item.Family.Prefix, Counts(item.OnObjects), Counts(item.Everywhere)))],
            [.. families.SelectMany(family => AnnotationLists.Of(family, prefix ?? family.Prefix))
                .Where(static view => view.Status == AnnotationLists.Word(AnnotationStatus.Refused))
                .Select(static view => new RefusedView(view.Name, view.Controller, view.Places, view.Note ?? ""))]);
    }

    public static StatusCounts Of(CountsView view) => new(view.Supported, view.Differs, view.Needless, view.Refused, view.Planned);

    private static CountsView Counts(StatusCounts counts) => new(counts.All, counts.Supported, counts.Differs, counts.Needless, counts.Refused, counts.Planned);
}
