using System.Globalization;
using System.Text;

namespace MultiCluster.Federation.Annotations;

/// <summary>The catalogue for people, as the file beside the README of this project has it.</summary>
public static class AnnotationReference
{
    private const string Head =
        """
        # Annotations and settings

        Every key of ours, of the two HAProxy ingress controllers, of ingress-nginx and of Kubernetes that is known, and what becomes of it here. `mcctl annotations` tells the
        same, and `mcctl migrate check` judges those of your manifests or your cluster.

        - **read on**: where its own controller reads it, and so do we: an Ingress, a Service, the parameters of an IngressClass (class), the controller's ConfigMap (global).
        - **default**: the value that counts with its own controller where nothing is said.
        - **status**: `supported` means the same as there; `differs` works, and the note says in which respect not; `needless` keys ask for nothing that is missing here,
          with any value; `refused` is never applied, and the note says why and what to write.

        Controllers:


        """;

    public static string Markdown()
    {
        var text = new StringBuilder(Head);
        foreach (var family in AnnotationIndex.Families.Where(static family => family.Entries.Count > 0))
            text.Append(CultureInfo.InvariantCulture, $"- [{family.Title}](#{Anchor(family.Title)}), {Count(family)}\n");
        foreach (var family in AnnotationIndex.Families.Where(static family => family.Entries.Count > 0))
            Append(text, family);
        return text.ToString();
    }

    private static void Append(StringBuilder text, AnnotationFamily family)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {family.Title}\n\nKeys begin with {string.Join(" or ", family.Prefixes.Select(static prefix => $"`{prefix}`"))}.\n\n");
        text.Append("| key | read on | value | default | status | note |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var entry in family.Entries)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{entry.Key}` | {Places(entry)} | {(entry.Value.IsOwn ? "as the [README](../../README.md) says" : Cell(entry.Value.Words))} | {(entry.Default is null ? "" : $"`{Cell(entry.Default)}`")} | {entry.Status.ToString().ToLowerInvariant()} | {Note(entry)} |\n");
        }
    }

    private static string Places(AnnotationEntry entry)
    {
        var places = string.Join(", ", Enum.GetValues<AnnotationPlaces>().Where(place => place != AnnotationPlaces.None && entry.Places.HasFlag(place)).Select(Word));
        return entry.Scope is AnnotationScope.Unsaid or AnnotationScope.Global ? places : $"{places}; for a {Word(entry.Scope)}";
    }

    private static string Note(AnnotationEntry entry) =>
        string.Join(" ", new[] { $"{Cell(AnnotationIndex.MeaningOf(entry.Policy))}.", entry.AliasOf is null ? null : $"Another name of `{entry.AliasOf}`.", entry.Note is null ? null : Cell(entry.Note) }.OfType<string>());

    private static string Count(AnnotationFamily family)
    {
        var counts = StatusCounts.Of(family.Entries);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.All} keys: {counts.Supported} supported, {counts.Differs} differ, {counts.Needless} needless, {counts.Refused} refused{(counts.Planned > 0 ? $", {counts.Planned} planned" : "")}");
    }

    private static string Word<TWord>(TWord word)
        where TWord : struct, Enum => word.ToString().ToLowerInvariant();

    /// <summary>What would end a cell, or begin markup.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    /// <summary>As readers of Markdown make it of a heading.</summary>
    private static string Anchor(string title) => string.Concat(title.ToLowerInvariant().Where(static c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')).Replace(' ', '-');
}
