using System.Collections.Immutable;
using System.Reflection;

namespace MultiCluster.Persistence.Migrations;

/// <summary>One numbered script. Scripts are never changed once released; a change is a new one.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <param name="database">The folder of the database.</param>
    public static ImmutableArray<Migration> LoadAll(string database)
    {
        var assembly = typeof(Migration).Assembly;
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(database + "/", StringComparison.Ordinal))
            .Select(name => Load(assembly, name, name[(database.Length + 1)..^".sql".Length]))
            .OrderBy(migration => migration.Version)
            .ToImmutableArray();
        for (var i = 0; i < migrations.Length; i++)
        {
            if (migrations[i].Version != i + 1)
                throw new InvalidOperationException($"The migrations of {database} are not numbered 1 to {migrations.Length}.");
        }
        return migrations;
    }

    private static Migration Load(Assembly assembly, string resource, string file)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new Migration(int.Parse(file.AsSpan(0, separator)), file[(separator + 1)..], reader.ReadToEnd());
    }
}
