using MultiCluster.Federation.Annotations;

namespace MultiCluster.Cli.Migration;

/// <param name="Counts">By status; all of them.</param>
internal sealed record AnnotationListView(IReadOnlyList<AnnotationView> Annotations, IReadOnlyDictionary<string, int> Counts);

/// <param name="Controller">The one that has it.</param>
/// <param name="Places">Where that controller reads it.</param>
/// <param name="Scope">What a value is for, where that controller tells; null where it does not.</param>
/// <param name="Done">Values that ask for what happens here without it too.</param>
internal sealed record AnnotationView(
    string Name,
    string Controller,
    string Policy,
    string Meaning,
    IReadOnlyList<string> Places,
    string? Scope,
    string Values,
    string? Default,
    IReadOnlyList<string> Done,
    string? AliasOf,
    string Status,
    string Risk,
    string? Note);

internal static class AnnotationLists
{
    /// <param name="prefix">Null: those of all; else with its slash.</param>
    /// <param name="status">Null: of any.</param>
    public static AnnotationListView Of(string? prefix, string? status)
    {
        var families = prefix is null ? AnnotationIndex.Families : AnnotationIndex.FamiliesOf(prefix);
        var shown = families
            .SelectMany(family => Of(family, prefix ?? family.Prefix))
            .Where(view => status is null || view.Status == status)
            .ToList();
        var counts = Enum.GetValues<AnnotationStatus>().ToDictionary(Word, wanted => shown.Count(view => view.Status == Word(wanted)), StringComparer.Ordinal);
        return new AnnotationListView(shown, counts);
    }

    public static IEnumerable<AnnotationView> Of(AnnotationFamily family, string prefix) => family.Entries.Select(entry => View(family, entry, prefix));

    public static string Word<TWord>(TWord word)
        where TWord : struct, Enum => word.ToString().ToLowerInvariant();

    private static AnnotationView View(AnnotationFamily family, AnnotationEntry entry, string prefix) => new(
        prefix + entry.Key,
        family.Title,
        entry.Policy,
        AnnotationIndex.MeaningOf(entry.Policy),
        [.. Enum.GetValues<AnnotationPlaces>().Where(place => place != AnnotationPlaces.None && entry.Places.HasFlag(place)).Select(Word)],
        entry.Scope == AnnotationScope.Unsaid ? null : Word(entry.Scope),
        entry.Value.Words,
        entry.Default,
        entry.Done,
        entry.AliasOf,
        Word(entry.Status),
        Word(entry.Risk),
        entry.Note);
}
