using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>
/// Writers exclude each other and a read sees all that was committed before it, so this is linearizable. Versions are random: those of a database that was
/// restored from a backup never repeat ones that a process still holds.
/// </summary>
internal sealed class SqliteLeaseStore(SqliteDatabase database) : ILeaseStore
{
    public async ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.ReadAsync(ReadAll, cancellationToken);
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
            return await database.WriteAsync<ImmutableArray<LeaseWriteResult>>(
                SqliteUse.Leases, connection => [.. writes.Select(write => Write(connection, write))], cancellationToken);
        }
        catch (PersistenceException e)
        {
            throw new LeaseStoreException($"Leases can't be written: {e.Message}", e);
        }
    }

    private static ImmutableArray<LeaseRecord> ReadAll(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT key, value, version FROM lease ORDER BY key");
        using var reader = command.ExecuteReader();
        var records = ImmutableArray.CreateBuilder<LeaseRecord>();
        while (reader.Read())
            records.Add(Map(reader));
        return records.DrainToImmutable();
    }

    private static LeaseWriteResult Write(SqliteConnection connection, LeaseWrite write)
    {
        var current = Find(connection, write.Key);
        if (current?.Version != write.ExpectedVersion)
            return new LeaseWriteResult.Conflict(current);
        if (write.Value is null)
        {
            using var delete = connection.Command("DELETE FROM lease WHERE key = $key");
            delete.Set("$key", write.Key).ExecuteNonQuery();
            return new LeaseWriteResult.Written(null);
        }
        using var upsert = connection.Command("INSERT OR REPLACE INTO lease (key, value, version) VALUES ($key, $value, $version)");
        var version = Guid.NewGuid().ToString("N");
        upsert.Set("$key", write.Key).Set("$value", write.Value).Set("$version", version).ExecuteNonQuery();
        return new LeaseWriteResult.Written(version);
    }

    private static LeaseRecord? Find(SqliteConnection connection, string key)
    {
        using var command = connection.Command("SELECT key, value, version FROM lease WHERE key = $key");
        using var reader = command.Set("$key", key).ExecuteReader();
        return reader.Read() ? Map(reader) : null;
    }

    private static LeaseRecord Map(SqliteDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(2));
}
