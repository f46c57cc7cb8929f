using System.Runtime.CompilerServices;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class AnnotationCoverageTests
{
    private const string Begin = "<!-- coverage -->\n";
    private const string End = "<!-- end of coverage -->\n";

    /// <summary>Its statuses change often: MULTICLUSTER_WRITE_GOLDEN=1 writes the table anew.</summary>
    [Fact]
    public void The_readme_has_the_table_of_the_catalogue()
    {
        var file = Path.Combine(Path.GetDirectoryName(Source())!, "..", "..", "..", "src", "MultiCluster.Federation", "README.md");
        var text = File.ReadAllText(file);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, $"README.md of MultiCluster.Federation has lost the lines {Begin.Trim()} and {End.Trim()}");
        var table = AnnotationCoverage.Markdown();
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, text = text[..from] + table + text[to..]);
        Assert.True(
            text.Contains(Begin + table + End, StringComparison.Ordinal),
            $"README.md of MultiCluster.Federation is out of date: run this test once with MULTICLUSTER_WRITE_GOLDEN=1. It should say\n{table}");
    }

    [Fact]
    public void Every_key_is_counted_once_where_it_is_read()
    {
        foreach (var family in AnnotationIndex.Families)
        {
            var coverage = AnnotationCoverage.Of(family);
            Assert.Equal(family.Entries.Count, coverage.Everywhere.All);
            Assert.Equal(family.Entries.Count(static entry => entry.Places.HasFlag(AnnotationPlaces.Ingress) || entry.Places.HasFlag(AnnotationPlaces.Service)), coverage.OnObjects.All);
            Assert.Equal(coverage.Everywhere.All, coverage.Everywhere.Columns.Sum());
        }
    }

    [Theory]
    [InlineData(0, 0, "-")]
    [InlineData(0, 8, "0 %")]
    [InlineData(8, 8, "100 %")]
    [InlineData(1, 8, "13 %")]
    [InlineData(1, 1000, "1 %")]
    [InlineData(999, 1000, "99 %")]
    public void Percents_are_whole_and_round_nothing_away(int count, int all, string text) =>
        Assert.Equal(text, new StatusCounts(count, all - count, 0, 0, 0).Percent(count));

    private static string Source([CallerFilePath] string source = "") => source;
}
