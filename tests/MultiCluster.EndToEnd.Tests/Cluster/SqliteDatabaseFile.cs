using Microsoft.Data.Sqlite;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>A file that all controllers share. Stopped, somebody else has its lock, so that it takes no writes.</summary>
internal sealed class SqliteDatabaseFile(string folder) : IClusterDatabase
{
    private readonly string _file = Path.Combine(folder, "shared.db");
    private SqliteConnection? _holder;

    public string ConfigurationOf(string node) => $"persistence.sqlite.file = \"{_file}\"";

    public async Task StopAsync()
    {
        _holder = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await _holder.OpenAsync();
        await ExecuteAsync("BEGIN EXCLUSIVE");
    }

    public async Task StartAsync()
    {
        await ExecuteAsync("ROLLBACK");
        await _holder!.DisposeAsync();
        _holder = null;
    }

    public void CutOff(string node) => throw new NotSupportedException("There is no network to a file.");

    public void Mend()
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_holder is not null)
            await _holder.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _holder!.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
