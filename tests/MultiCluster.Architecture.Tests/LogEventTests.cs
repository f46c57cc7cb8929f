using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiCluster.Architecture.Tests;

/// <summary>The number of a line in the log is what alerts are written for: each stands for one message, over the whole program.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void Event_ids_are_unique_over_the_solution()
    {
        var events = Events();
        Assert.True(events.Count > 100, $"only {events.Count} log messages were found: the test no longer reads how they are written");
        var shared = events.GroupBy(static item => item.Id)
            .Where(static group => group.Count() > 1)
            .Select(static group => $"{group.Key} ({string.Join(", ", group.Select(static item => item.File).Distinct())})")
            .ToList();
        Assert.True(shared.Count == 0, $"give one of each another number: {string.Join("; ", shared)}");
    }

    [Fact]
    public void Every_log_message_says_its_event_id_first()
    {
        var without = Repository.SourceFiles("src")
            .Where(static file => File.ReadAllText(file) is var text && Attribute().Count(text) != Numbered().Count(text))
            .Select(Path.GetFileName)
            .ToList();
        Assert.True(without.Count == 0, $"write [LoggerMessage(NUMBER, ...)] in {string.Join(", ", without)}");
    }

    private static List<(int Id, string File)> Events() =>
    [
        .. from file in Repository.SourceFiles("src")
           from match in Numbered().Matches(File.ReadAllText(file))
           select (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), Path.GetFileName(file)),
    ];

    [GeneratedRegex(@"\[LoggerMessage\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Numbered();
}
