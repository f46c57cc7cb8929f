using System.Text.Json;
using System.Text.RegularExpressions;
using MultiCluster.Controller.Metrics;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>Alert rules and the dashboard of deploy/.</summary>
public sealed partial class RulesTests
{
    [Fact]
    public async Task Rules_are_right_and_fire_when_they_should()
    {
        var folder = Deploy("prometheus");
        Assert.Equal("", await Promtool.RunAsync(null, "check", "rules", Path.Combine(folder, "rules.yaml")));
        Assert.Equal("", await Promtool.RunAsync(null, "check", "config", Path.Combine(folder, "prometheus.yaml")));
        Assert.Equal("", await Promtool.RunAsync(null, "test", "rules", Path.Combine(folder, "rules-test.yaml")));
    }

    [Fact]
    public async Task What_rules_and_dashboard_ask_for_exists()
    {
        var families = MetricsCatalogue.All.SelectMany(static family => family.Kind == MetricKind.Histogram ? new[] { $"{family.Name}_bucket", $"{family.Name}_sum", $"{family.Name}_count" } : [family.Name]).ToHashSet(StringComparer.Ordinal);
        var rules = await File.ReadAllTextAsync(Path.Combine(Deploy("prometheus"), "rules.yaml"));
        foreach (var text in Queries().Append(string.Join('\n', rules.Split('\n').Where(static line => line.Contains(" expr:", StringComparison.Ordinal)))))
        {
            foreach (Match name in Family().Matches(text))
                Assert.True(families.Contains(name.Value), $"there is no family {name.Value}: {text}");
        }
    }

    /// <summary>All that the dashboard asks, for all namespaces.</summary>
    internal static IEnumerable<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Deploy("grafana"), "multicluster.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!
                .Replace("$__rate_interval", "10s", StringComparison.Ordinal).Replace("$namespace", ".*", StringComparison.Ordinal))];
    }

    private static string Deploy(string folder)
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "MultiCluster.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not in the repository");
        return Path.Combine(directory, "deploy", folder);
    }

    [GeneratedRegex("multicluster_[a-z_]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Family();
}
