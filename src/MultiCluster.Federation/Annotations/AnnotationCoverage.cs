using System.Globalization;
using System.Text;

namespace MultiCluster.Federation.Annotations;

/// <summary>How many keys of one controller have each status.</summary>
public sealed record StatusCounts(int Supported, int Differs, int Needless, int Refused, int Planned)
{
    public int All => Supported + Differs + Needless + Refused + Planned;

    /// <summary>In the order of the columns of tables.</summary>
    public IReadOnlyList<int> Columns => [Supported, Differs, Needless, Refused, Planned];

    public static StatusCounts Of(IEnumerable<AnnotationEntry> entries)
    {
        var byStatus = entries.CountBy(static entry => entry.Status).ToDictionary();
        return new StatusCounts(
            byStatus.GetValueOrDefault(AnnotationStatus.Supported),
            byStatus.GetValueOrDefault(AnnotationStatus.Differs),
            byStatus.GetValueOrDefault(AnnotationStatus.Needless),
            byStatus.GetValueOrDefault(AnnotationStatus.Refused),
            byStatus.GetValueOrDefault(AnnotationStatus.Planned));
    }

    /// <summary>A share of all keys, for people; "-" of none. Nothing but all is shown as 100 %, nothing but none as 0 %.</summary>
    public string Percent(int count)
    {
        if (All == 0)
            return "-";
        var whole = (int)Math.Round(100.0 * count / All, MidpointRounding.AwayFromZero);
        if (count > 0 && count < All)
            whole = Math.Clamp(whole, 1, 99);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} %");
    }

    /// <summary>The count with its share, for people.</summary>
    public string Cell(int count) => count == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{count} ({Percent(count)})");
}

/// <summary>What becomes of one controller's keys.</summary>
/// <param name="OnObjects">Of those that are read on Ingresses and Services, which is what users of a cluster write.</param>
/// <param name="Everywhere">Of all, those of ConfigMaps and classes, too.</param>
public sealed record AnnotationCoverage(AnnotationFamily Family, StatusCounts OnObjects, StatusCounts Everywhere)
{
    private const AnnotationPlaces Objects = AnnotationPlaces.Ingress | AnnotationPlaces.Service;

    public static AnnotationCoverage Of(AnnotationFamily family) => new(
        family,
        StatusCounts.Of(family.Entries.Where(static entry => (entry.Places & Objects) != AnnotationPlaces.None)),
        StatusCounts.Of(family.Entries));

    /// <summary>Of every controller, as the README has it.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("| keys of | read on | keys | supported | differs | needless | refused | planned |\n");
        text.Append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var coverage in AnnotationIndex.Families.Select(Of))
        {
            Row(text, coverage.Family.Title, "Ingresses, Services", coverage.OnObjects);
            if (coverage.Everywhere.All > coverage.OnObjects.All)
                Row(text, coverage.Family.Title, "these, ConfigMaps, classes", coverage.Everywhere);
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string title, string places, StatusCounts counts) =>
        text.Append(CultureInfo.InvariantCulture, $"| {title} | {places} | {counts.All} | {string.Join(" | ", counts.Columns.Select(counts.Cell))} |\n");
}
