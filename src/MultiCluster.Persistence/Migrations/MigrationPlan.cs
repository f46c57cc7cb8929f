using System.Collections.Immutable;

namespace MultiCluster.Persistence.Migrations;

internal static class MigrationPlan
{
    /// <param name="database">As people know it.</param>
    /// <param name="applied">The highest version recorded in the database; 0 if none.</param>
    /// <exception cref="PersistenceException">The database is newer than this program.</exception>
    public static ImmutableArray<Migration> Missing(string database, ImmutableArray<Migration> known, int applied)
    {
        if (applied > known.Length)
        {
            throw new PersistenceException(PersistenceFailure.NewerSchema,
                $"{database} has schema version {applied}, written by a newer MultiCluster; this one knows versions up to {known.Length}. " +
                "Run the newer version, or restore a backup from before the upgrade.");
        }
        return known[applied..];
    }
}
