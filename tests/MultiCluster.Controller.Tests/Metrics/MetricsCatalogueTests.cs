using System.Runtime.CompilerServices;
using MultiCluster.Controller.Metrics;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class MetricsCatalogueTests
{
    [Fact]
    public void The_page_of_all_families_is_up_to_date()
    {
        var page = Path.Combine(Root(), "src", "MultiCluster.Host", "Metrics", "METRICS.md");
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_WRITE_GOLDEN") == "1")
            File.WriteAllText(page, MetricsCatalogue.Table());
        Assert.True(File.Exists(page) && File.ReadAllText(page) == MetricsCatalogue.Table(), "MULTICLUSTER_WRITE_GOLDEN=1 writes it anew");
    }

    [Fact]
    public void Every_family_is_there_once_and_named_as_its_kind_is()
    {
        Assert.DoesNotContain(MetricsCatalogue.All.GroupBy(static family => family.Name, StringComparer.Ordinal), static group => group.Count() > 1);
        foreach (var family in MetricsCatalogue.All)
        {
            Assert.StartsWith("multicluster_", family.Name, StringComparison.Ordinal);
            Assert.Equal(family.Kind == MetricKind.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.EndsWith(".", family.Help, StringComparison.Ordinal);
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
