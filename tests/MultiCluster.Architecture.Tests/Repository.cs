namespace MultiCluster.Architecture.Tests;

/// <summary>Finds the repository from where the tests run.</summary>
internal static class Repository
{
    private const string Prefix = "MultiCluster.";

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<(string Name, string File)> Projects() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(static file => (ShortName(file), file)),
    ];

    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    public static string ShortName(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))[Prefix.Length..];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MultiCluster.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"no MultiCluster.sln above {AppContext.BaseDirectory}");
    }
}
