using System.Collections.Immutable;
using MultiCluster.Persistence.Leases;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>
/// Compare-and-swap of single rows on the primary, each call one round trip and one implicit transaction; an advisory lock puts writers in line, so that
/// two that want the same keys in another order don't wait for each other. Versions are random: those of a database that was restored from a backup
/// never repeat ones that a process still holds.
/// </summary>
internal sealed class PostgreSqlLeaseStore(PostgreSqlDatabase database) : ILeaseStore
{
    private const string LockLeases = "SELECT pg_advisory_xact_lock(hashtextextended('multicluster lease ' || current_schema(), 0))";
    private const string Select = "SELECT key, value, version FROM lease ";

    public async ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.UseForLeasesAsync(ReadAllAsync, cancellationToken);
        }
        catch (PersistenceException e)
        {
            throw new LeaseStoreException($"Leases can't be read: {e.Message}", e);
        }
    }

    public async ValueTask<ImmutableArray<LeaseWriteResult>> WriteAsync(IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken)
    {
        LeaseRules.Check(writes);
        try
        {
            return await database.UseForLeasesAsync((connection, token) => WriteAsync(connection, writes, token), cancellationToken);
        }
        catch (PersistenceException e)
        {
            throw new LeaseStoreException($"Leases can't be written: {e.Message}", e);
        }
    }

    private static async Task<ImmutableArray<LeaseRecord>> ReadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var query = connection.Batch(Sql(Select + "ORDER BY key"));
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        var records = ImmutableArray.CreateBuilder<LeaseRecord>();
        while (await reader.ReadAsync(cancellationToken))
            records.Add(Map(reader));
        return records.DrainToImmutable();
    }

    private static async Task<ImmutableArray<LeaseWriteResult>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken)
    {
        await using var batch = connection.Batch(Sql(LockLeases));
        foreach (var write in writes)
        {
            batch.BatchCommands.Add(Swap(write, Guid.NewGuid().ToString("N")));
            batch.BatchCommands.Add(Sql(Select + "WHERE key = $1", Value(write.Key)));
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var results = ImmutableArray.CreateBuilder<LeaseWriteResult>(writes.Count);
        for (var i = 0; i < writes.Count; i++)
        {
            await reader.NextResultAsync(cancellationToken);
            var done = await reader.ReadAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            var current = await reader.ReadAsync(cancellationToken) ? Map(reader) : null;
            results.Add(done ? new LeaseWriteResult.Written(current?.Version) : new LeaseWriteResult.Conflict(current));
        }
        // Only now is it committed, and an error of the commit seen.
        while (await reader.NextResultAsync(cancellationToken))
            continue;
        return results.MoveToImmutable();
    }

    /// <summary>One row if it was done, none if not.</summary>
    private static NpgsqlBatchCommand Swap(LeaseWrite write, string version) => write switch
    {
        { Value: { } value, ExpectedVersion: null } => Sql(
            "INSERT INTO lease (key, value, version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1",
            Value(write.Key), Value(value), Value(version)),
        { Value: { } value, ExpectedVersion: { } expected } => Sql(
            "UPDATE lease SET value = $2, version = $3 WHERE key = $1 AND version = $4 RETURNING 1",
            Value(write.Key), Value(value), Value(version), Value(expected)),
        { Value: null, ExpectedVersion: { } expected } => Sql(
            "DELETE FROM lease WHERE key = $1 AND version = $2 RETURNING 1", Value(write.Key), Value(expected)),
        _ => Sql("SELECT 1 WHERE NOT EXISTS (SELECT FROM lease WHERE key = $1)", Value(write.Key)),
    };

    private static LeaseRecord Map(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(2));
}
