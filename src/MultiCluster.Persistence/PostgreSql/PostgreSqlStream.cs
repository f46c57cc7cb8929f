using System.Runtime.CompilerServices;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

internal static class PostgreSqlStream
{
    /// <summary>One query, as of the moment of the first row, read as fast as its consumer does.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this PostgreSqlDatabase database, Func<NpgsqlBatchCommand> query, Func<NpgsqlDataReader, T> map,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = ReadAsync(database, query, map, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    if (!await rows.MoveNextAsync())
                        yield break;
                }
                catch (Exception e) when (PostgreSqlErrors.IsFromDatabase(e))
                {
                    throw PostgreSqlErrors.Translate(database.Options, e);
                }
                yield return rows.Current;
            }
        }
        finally
        {
            await CloseAsync(rows);
        }
    }

    /// <summary>What the consumer wanted it has, or has been told: a connection that breaks now is nobody's trouble.</summary>
    private static async ValueTask CloseAsync<T>(IAsyncEnumerator<T> rows)
    {
        try
        {
            await rows.DisposeAsync();
        }
        catch (Exception e) when (PostgreSqlErrors.IsFromDatabase(e))
        {
            // Its pool opens another.
        }
    }

    private static async IAsyncEnumerable<T> ReadAsync<T>(
        PostgreSqlDatabase database, Func<NpgsqlBatchCommand> query, Func<NpgsqlDataReader, T> map,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.RentAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = connection.Batch(
            Sql($"SET LOCAL statement_timeout = {PostgreSqlSources.Milliseconds(database.Options.BulkTimeout)}"), query());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return map(reader);
    }
}
