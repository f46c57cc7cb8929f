using Npgsql;

namespace MultiCluster.Persistence.PostgreSql;

/// <param name="ConnectionString">As Npgsql reads it. PostgreSQL 14 or newer, directly or through a pooler of whole sessions.</param>
public sealed record PostgreSqlOptions(string ConnectionString)
{
    /// <summary>How long the server works on one statement, and a caller waits for a connection.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same for leases, which are worth nothing when they come late.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for reads of all entities, compaction, and migrations.</summary>
    public TimeSpan BulkTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Names the database in messages, without user and password.</summary>
    public override string ToString()
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        return $"PostgreSQL database {connection.Database ?? connection.Username} on {connection.Host}";
    }
}
