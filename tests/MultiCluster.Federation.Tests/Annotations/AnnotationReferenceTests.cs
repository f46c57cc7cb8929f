using System.Runtime.CompilerServices;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class AnnotationReferenceTests
{
    /// <summary>MULTICLUSTER_WRITE_GOLDEN=1 writes the file anew.</summary>
    [Fact]
    public void The_file_of_all_annotations_is_the_catalogue()
    {
        var file = Path.Combine(Path.GetDirectoryName(Source())!, "..", "..", "..", "src", "MultiCluster.Federation", "ANNOTATIONS.md");
        var text = AnnotationReference.Markdown();
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, text);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == text, "ANNOTATIONS.md of MultiCluster.Federation is out of date: run this test once with MULTICLUSTER_WRITE_GOLDEN=1");
    }

    [Fact]
    public void Each_key_is_a_row_of_six_cells_under_its_controller()
    {
        var rows = AnnotationReference.Markdown().Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        Assert.Equal(AnnotationIndex.Families.SelectMany(static family => family.Entries).Select(static entry => $"`{entry.Key}`"), rows.Select(static row => row.Split(' ')[1]));
        Assert.All(rows, static row => Assert.Equal(8, row.Replace("\\|", "", StringComparison.Ordinal).Split('|').Length));
    }

    private static string Source([CallerFilePath] string source = "") => source;
}
