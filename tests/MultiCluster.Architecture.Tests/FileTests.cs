namespace MultiCluster.Architecture.Tests;

public sealed class FileTests
{
    private const int MaxLines = 400;

    private static readonly string[] TopLevel =
        ["src", "tests", "deploy", "hocon", "Dockerfile", "MultiCluster.sln", "README.md", "LICENSE", "Directory.Build.props", "Directory.Packages.props"];

    [Fact]
    public void No_source_file_is_longer_than_a_screenful_of_screens()
    {
        var tooLong = Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests"))
            .Select(static file => (File: Path.GetFileName(file), Lines: File.ReadLines(file).Count()))
            .Where(static item => item.Lines > MaxLines)
            .ToList();
        Assert.True(tooLong.Count == 0, $"split {string.Join(", ", tooLong)}");
    }

    [Fact]
    public void Actors_stay_shells_of_at_most_two_hundred_lines()
    {
        var tooLong = Repository.SourceFiles("src/MultiCluster.Controller")
            .Where(static file => File.ReadAllText(file).Contains(" : Actor\n", StringComparison.Ordinal))
            .Select(static file => (File: Path.GetFileName(file), Lines: File.ReadLines(file).Count()))
            .Where(static item => item.Lines > 230)
            .ToList();
        Assert.True(tooLong.Count == 0, $"move logic out of {string.Join(", ", tooLong)}");
    }

    [Fact]
    public void The_top_level_holds_what_the_card_names()
    {
        var entries = Directory.EnumerateFileSystemEntries(Repository.Root)
            .Select(static path => Path.GetFileName(path))
            .Where(static name => !name.StartsWith('.') && name is not ("artifacts" or "TestResults"))
            .ToList();
        Assert.Empty(entries.Except(TopLevel, StringComparer.Ordinal));
    }
}
