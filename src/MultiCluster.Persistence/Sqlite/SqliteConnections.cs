using Microsoft.Data.Sqlite;

namespace MultiCluster.Persistence.Sqlite;

internal enum SqliteUse
{
    Read,

    /// <summary>synchronous = NORMAL: a power cut may undo the last commits, never a part of one, nor an order of them.</summary>
    Journal,

    /// <summary>synchronous = FULL: a committed lease stays, since epochs that were seen outside must not be given again.</summary>
    Leases,
}

internal static class SqliteConnections
{
    static SqliteConnections() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The file must exist: creating it is the migrator's part, with the right mode.</summary>
    public static SqliteConnection Open(SqliteOptions options, SqliteUse use)
    {
        var timeout = use == SqliteUse.Leases ? options.LeaseTimeout : options.CommandTimeout;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds)),
        }.ToString());
        try
        {
            connection.Open();
            // SQLite's own wait looks again after milliseconds, the provider's only after 150 ms.
            connection.Execute($"PRAGMA busy_timeout = {(int)timeout.TotalMilliseconds}");
            connection.Execute(use switch
            {
                SqliteUse.Read => "PRAGMA query_only = ON",
                SqliteUse.Leases => "PRAGMA synchronous = FULL",
                _ => "PRAGMA synchronous = NORMAL",
            });
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants and embedded scripts
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static SqliteCommand Command(this SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>Adds the parameter, or gives it another value.</summary>
    public static SqliteCommand Set(this SqliteCommand command, string name, object value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
            command.Parameters.AddWithValue(name, value);
        else
            command.Parameters[index].Value = value;
        return command;
    }
}
