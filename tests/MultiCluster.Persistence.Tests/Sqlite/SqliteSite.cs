using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Sqlite;
using MultiCluster.Persistence.Tests.Contract;

namespace MultiCluster.Persistence.Tests.Sqlite;

public sealed class SqliteSite : ITestSite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-sqlite-").FullName;
    private SqliteConnection? _blocker;

    public string Path => System.IO.Path.Combine(_folder, "journal.db");

    public SqliteOptions Options => new(Path) { CommandTimeout = TimeSpan.FromSeconds(3), LeaseTimeout = TimeSpan.FromSeconds(3) };

    private string BackUp => System.IO.Path.Combine(_folder, "backup.db");

    public IDatabase Open() => new SqliteDatabase(Options, TimeProvider.System);

    public SqliteConnection OpenRaw()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = OpenRaw();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = OpenRaw();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Another process that doesn't let go of the write lock.</summary>
    public async Task TakeDownAsync()
    {
        _blocker = OpenRaw();
        await using var command = _blocker.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
    }

    public Task BringUpAsync()
    {
        _blocker?.Dispose();
        _blocker = null;
        return Task.CompletedTask;
    }

    public Task BackUpAsync()
    {
        File.Copy(Path, BackUp);
        return Task.CompletedTask;
    }

    public Task RestoreAsync()
    {
        Assert.False(File.Exists(Path + "-wal"), "The write-ahead log is gone once every connection is closed.");
        File.Copy(BackUp, Path, overwrite: true);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _blocker?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return default;
    }
}
