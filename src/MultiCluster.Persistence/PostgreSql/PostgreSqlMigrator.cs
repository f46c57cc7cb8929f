using System.Collections.Immutable;
using MultiCluster.Persistence.Migrations;
using Npgsql;

namespace MultiCluster.Persistence.PostgreSql;

internal static class PostgreSqlMigrator
{
    public static readonly ImmutableArray<Migration> Known = Migration.LoadAll("PostgreSql");

    public static async Task MigrateAsync(NpgsqlConnection connection, PostgreSqlOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever comes second waits here, and finds everything done.
        await ExecuteAsync(
            $"SET LOCAL statement_timeout = {PostgreSqlSources.Milliseconds(options.BulkTimeout)}; " +
            $"SET LOCAL lock_timeout = {PostgreSqlSources.Milliseconds(options.BulkTimeout)}; " +
            "SELECT pg_advisory_xact_lock(hashtextextended('multicluster migration ' || current_schema(), 0)); " +
            "CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL)");
        await using var applied = Command("SELECT coalesce(max(version), 0) FROM schema_migration");
        var version = (int)(await applied.ExecuteScalarAsync(cancellationToken))!;
        foreach (var migration in MigrationPlan.Missing(options.ToString(), Known, version))
        {
            await ExecuteAsync(migration.Sql);
            await using var record = Command("INSERT INTO schema_migration VALUES ($1, $2, $3)");
            record.Parameters.Add(PostgreSqlBatches.Value(migration.Version));
            record.Parameters.Add(PostgreSqlBatches.Value(migration.Name));
            record.Parameters.Add(PostgreSqlBatches.Value(now.ToUniversalTime()));
            await record.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);

#pragma warning disable CA2100 // constants and embedded scripts
        NpgsqlCommand Command(string sql) => new(sql, connection, transaction) { CommandTimeout = PostgreSqlSources.Seconds(options.BulkTimeout) };
#pragma warning restore CA2100

        async Task ExecuteAsync(string sql)
        {
            await using var command = Command(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
