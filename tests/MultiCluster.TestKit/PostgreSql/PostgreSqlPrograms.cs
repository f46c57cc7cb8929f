namespace MultiCluster.TestKit.PostgreSql;

/// <summary>Where PostgreSQL's own programs are, if anywhere.</summary>
public static class PostgreSqlPrograms
{
    /// <summary>Debian keeps them by major version, off the PATH.</summary>
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The newest version's; null if there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests of PostgreSQL are skipped; null if they aren't.</summary>
    public static string? WhyMissing => Folder is null
        ? $"no PostgreSQL server under {DebianFolder} nor on the PATH; \"apt-get install -y --no-install-recommends postgresql\" brings it"
        : null;

    private static string? Find()
    {
        var byVersion = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return byVersion.Concat(onPath).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
