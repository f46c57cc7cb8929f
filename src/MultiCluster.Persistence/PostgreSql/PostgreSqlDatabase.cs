using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;
using Npgsql;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>
/// A database on a server, for any number of processes on any hosts. Leases have connections of their own, so that a journal at work on all of its own
/// can't delay a renewal.
/// </summary>
public sealed class PostgreSqlDatabase : IDatabase
{
    // The driver gives up by itself; this is for the case that it doesn't.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private readonly PostgreSqlOptions _options;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _journalSource;
    private readonly NpgsqlDataSource _leaseSource;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private volatile bool _prepared;

    /// <param name="time">Dates migrations.</param>
    public PostgreSqlDatabase(PostgreSqlOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _journalSource = PostgreSqlSources.Create(options, leases: false);
        _leaseSource = PostgreSqlSources.Create(options, leases: true);
        Journal = new PostgreSqlJournal(this);
        Snapshots = new PostgreSqlSnapshotStore(this);
        Leases = new PostgreSqlLeaseStore(this);
    }

    public IJournal Journal { get; }

    public ISnapshotStore Snapshots { get; }

    public ILeaseStore Leases { get; }

    internal PostgreSqlOptions Options => _options;

    public async ValueTask<int> PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_prepared)
            await RunAsync(_options.BulkTimeout, MigrateAsync, cancellationToken);
        return PostgreSqlMigrator.Known.Length;
    }

    internal async Task<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await PrepareWithinAsync(_options.CommandTimeout, cancellationToken);
        return await RunAsync(_options.CommandTimeout, work, cancellationToken);
    }

    internal async Task<T> UseForBulkAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await RunAsync(_options.BulkTimeout, work, cancellationToken);
    }

    internal async Task<T> UseForLeasesAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await PrepareWithinAsync(_options.LeaseTimeout, cancellationToken);
        return await BoundedAsync(_leaseSource, _options.LeaseTimeout, work, cancellationToken);
    }

    /// <summary>For an enumeration.</summary>
    internal async Task<NpgsqlConnection> RentAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await _journalSource.OpenConnectionAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _journalSource.DisposeAsync();
        await _leaseSource.DisposeAsync();
    }

    private async ValueTask PrepareWithinAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_prepared)
            return;
        try
        {
            await PrepareAsync(cancellationToken).AsTask().WaitAsync(timeout + Grace, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw PostgreSqlErrors.Translate(_options, e);
        }
    }

    private async Task<bool> MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (!_prepared)
                await PostgreSqlMigrator.MigrateAsync(connection, _options, _time.GetUtcNow(), cancellationToken);
            _prepared = true;
            return true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    private Task<T> RunAsync<T>(TimeSpan timeout, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        BoundedAsync(_journalSource, timeout, work, cancellationToken);

    private async Task<T> BoundedAsync<T>(
        NpgsqlDataSource source, TimeSpan timeout, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout + Grace);
        try
        {
            await using var connection = await source.OpenConnectionAsync(bound.Token);
            return await work(connection, bound.Token);
        }
        catch (Exception e) when (PostgreSqlErrors.IsFromDatabase(e))
        {
            throw PostgreSqlErrors.Translate(_options, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw PostgreSqlErrors.Translate(_options, e);
        }
    }
}
