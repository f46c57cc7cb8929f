using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Migrations;

namespace MultiCluster.Persistence.Sqlite;

internal static class SqliteMigrator
{
    public static readonly ImmutableArray<Migration> Known = Migration.LoadAll("Sqlite");

    /// <summary>Creates the file if there is none. Any number of processes may do this at once.</summary>
    public static int Migrate(SqliteOptions options, DateTimeOffset now)
    {
        CreateFile(options.Path);
        using var connection = SqliteConnections.Open(options, SqliteUse.Journal);
        UseWriteAheadLog(options, connection);
        // The write lock of the whole database, taken at once: whoever comes second finds everything done.
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT");
        foreach (var migration in MigrationPlan.Missing($"SQLite database {options.Path}", Known, AppliedVersion(connection)))
        {
            connection.Execute(migration.Sql);
            using var record = connection.Command("INSERT INTO schema_migration VALUES ($version, $name, $at)");
            record.Set("$version", migration.Version).Set("$name", migration.Name).Set("$at", now.ToString("O")).ExecuteNonQuery();
        }
        transaction.Commit();
        return Known.Length;
    }

    private static int AppliedVersion(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT coalesce(max(version), 0) FROM schema_migration");
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>SQLite gives its other files the mode of this one.</summary>
    private static void CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            // Closing a descriptor drops this process's locks on the file (fcntl), so never when it exists already.
            if (!File.Exists(path))
                new FileStream(path, options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PersistenceException(PersistenceFailure.Unavailable, $"SQLite database {path} can't be created ({e.Message}); its folder must exist and be writable.", e);
        }
    }

    private static void UseWriteAheadLog(SqliteOptions options, SqliteConnection connection)
    {
        using var command = connection.Command("PRAGMA journal_mode = WAL");
        if (command.ExecuteScalar() is not "wal")
        {
            throw new PersistenceException(PersistenceFailure.Unavailable,
                $"SQLite database {options.Path}: no write-ahead log here; it needs a local disk, not a network file system.");
        }
    }
}
