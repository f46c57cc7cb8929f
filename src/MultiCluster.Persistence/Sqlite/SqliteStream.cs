using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace MultiCluster.Persistence.Sqlite;

internal static class SqliteStream
{
    private const int ChunkRows = 256;

    /// <summary>One query, its rows read in chunks on the thread pool, as of the moment of the first one.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this SqliteDatabase database, Func<SqliteConnection, SqliteCommand> query, Func<SqliteDataReader, T> map,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await database.RentAsync(cancellationToken);
        var sound = false;
        try
        {
            using var command = query(connection);
            SqliteDataReader? reader = null;
            try
            {
                var chunk = new List<T>(ChunkRows);
                do
                {
                    chunk.Clear();
                    reader = await database.BoundedAsync(
                        Task.Run(() => Fill(command, reader, map, chunk), cancellationToken),
                        TimeSpan.FromSeconds(2 * command.CommandTimeout), cancellationToken);
                    foreach (var row in chunk)
                        yield return row;
                }
                while (chunk.Count == ChunkRows);
            }
            finally
            {
                reader?.Dispose();
            }
            sound = true;
        }
        finally
        {
            database.Return(connection, sound);
        }
    }

    private static SqliteDataReader Fill<T>(SqliteCommand command, SqliteDataReader? reader, Func<SqliteDataReader, T> map, List<T> chunk)
    {
        reader ??= command.ExecuteReader();
        while (chunk.Count < ChunkRows && reader.Read())
            chunk.Add(map(reader));
        return reader;
    }
}
