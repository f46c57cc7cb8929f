using System.Globalization;
using MultiCluster.Persistence.PostgreSql;
using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.TestKit.PostgreSql;
using Npgsql;

namespace MultiCluster.Persistence.Tests.PostgreSql;

public sealed class PostgreSqlSite : ITestSite
{
    private static int _count;

    private readonly PostgreSqlServer _server;
    private readonly string _name = $"test_{Interlocked.Increment(ref _count)}";
    private bool _backedUp;

    private PostgreSqlSite(PostgreSqlServer server) => _server = server;

    public PostgreSqlOptions Options => new(_server.ConnectionString(_name))
    {
        CommandTimeout = TimeSpan.FromSeconds(10),
        LeaseTimeout = TimeSpan.FromSeconds(10),
    };

    public string ConnectionString => _server.ConnectionString(_name) + ";Pooling=false";

    public static async Task<ITestSite> CreateAsync() => await CreateOnAsync(await PostgreSqlServer.SharedAsync());

    public static async Task<PostgreSqlSite> CreateOnAsync(PostgreSqlServer server)
    {
        var site = new PostgreSqlSite(server);
        await site.ManageAsync($"CREATE DATABASE {site._name}");
        return site;
    }

    public IDatabase Open() => new PostgreSqlDatabase(Options, TimeProvider.System);

    public Task ExecuteAsync(string sql) => RunAsync(ConnectionString, sql);

    public async Task<long> CountAsync(string sql) => Convert.ToInt64(await RunAsync(ConnectionString, sql), CultureInfo.InvariantCulture);

    public async Task TakeDownAsync()
    {
        await ManageAsync($"ALTER DATABASE {_name} ALLOW_CONNECTIONS false");
        await ManageAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{_name}'");
    }

    public Task BringUpAsync() => ManageAsync($"ALTER DATABASE {_name} ALLOW_CONNECTIONS true");

    public async Task BackUpAsync()
    {
        await ManageAsync($"CREATE DATABASE {_name}_backup TEMPLATE {_name}");
        _backedUp = true;
    }

    public async Task RestoreAsync()
    {
        await ManageAsync($"DROP DATABASE {_name}");
        await ManageAsync($"CREATE DATABASE {_name} TEMPLATE {_name}_backup");
    }

    public async ValueTask DisposeAsync()
    {
        await ManageAsync($"DROP DATABASE {_name} WITH (FORCE)");
        if (_backedUp)
            await ManageAsync($"DROP DATABASE {_name}_backup");
    }

    private async Task ManageAsync(string sql) => await RunAsync(_server.ConnectionString("postgres") + ";Pooling=false", sql);

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
