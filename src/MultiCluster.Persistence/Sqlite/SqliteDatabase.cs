using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>
/// A database in a file, for any number of processes on one host. SQLite works on the calling thread, so all of it is moved to the thread pool; writers
/// of this process queue here, in order, and meet those of other processes only in SQLite's own lock.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    private readonly SqliteOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private SqliteConnection? _journalWriter;
    private SqliteConnection? _leaseWriter;
    private volatile bool _prepared;
    private volatile bool _disposed;

    /// <param name="time">Dates migrations.</param>
    public SqliteDatabase(SqliteOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        Journal = new SqliteJournal(this);
        Snapshots = new SqliteSnapshotStore(this);
        Leases = new SqliteLeaseStore(this);
    }

    public IJournal Journal { get; }

    public ISnapshotStore Snapshots { get; }

    public ILeaseStore Leases { get; }

    /// <summary>Pages that the file may have, for tests of a full disk.</summary>
    internal int? MaxPages { get; set; }

    public async ValueTask<int> PrepareAsync(CancellationToken cancellationToken)
    {
        await LockedAsync(_options.CommandTimeout, Prepare, cancellationToken);
        return SqliteMigrator.Known.Length;
    }

    /// <summary>Runs the work in a write transaction of its own, which commits when the work returns.</summary>
    internal Task<T> WriteAsync<T>(SqliteUse use, Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        LockedAsync(use == SqliteUse.Leases ? _options.LeaseTimeout : _options.CommandTimeout, () => Write(use, work), cancellationToken);

    internal async Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await PrepareOnceAsync(cancellationToken);
        return await BoundedAsync(Task.Run(() => Read(work), cancellationToken), 2 * _options.CommandTimeout, cancellationToken);
    }

    /// <summary>A connection for one enumeration; give it back with <see cref="Return"/>.</summary>
    internal async Task<SqliteConnection> RentAsync(CancellationToken cancellationToken)
    {
        await PrepareOnceAsync(cancellationToken);
        return await BoundedAsync(Task.Run(RentReader, cancellationToken), 2 * _options.CommandTimeout, cancellationToken);
    }

    /// <param name="sound">False after a failure: the connection is closed.</param>
    internal void Return(SqliteConnection connection, bool sound)
    {
        if (sound && !_disposed)
            _readers.Add(connection);
        else
            connection.Dispose();
    }

    /// <param name="timeout">The commands themselves give up before; only a disk that hangs takes longer.</param>
    internal async Task<T> BoundedAsync<T>(Task<T> work, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(timeout, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(_options.Path, e);
        }
        catch (TimeoutException)
        {
            Forget(work);
            throw SqliteErrors.TimedOut(_options.Path, timeout);
        }
        catch (OperationCanceledException)
        {
            Forget(work);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (await _writer.WaitAsync(_options.CommandTimeout))
        {
            Close(ref _journalWriter);
            Close(ref _leaseWriter);
            _writer.Release();
        }
        while (_readers.TryTake(out var reader))
            await reader.DisposeAsync();
    }

    private async ValueTask PrepareOnceAsync(CancellationToken cancellationToken)
    {
        if (!_prepared)
            await PrepareAsync(cancellationToken);
    }

    private async Task<T> LockedAsync<T>(TimeSpan timeout, Func<T> work, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (!await _writer.WaitAsync(timeout, cancellationToken))
            throw SqliteErrors.TimedOut(_options.Path, timeout);
        // From here on the lock belongs to the work, which may outlive the caller's patience.
        var running = Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                finally
                {
                    _writer.Release();
                }
            },
            CancellationToken.None);
        return await BoundedAsync(running, (2 * timeout) - Stopwatch.GetElapsedTime(started), cancellationToken);
    }

    private bool Prepare()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_prepared)
        {
            SqliteMigrator.Migrate(_options, _time.GetUtcNow());
            _prepared = true;
        }
        return true;
    }

    private T Write<T>(SqliteUse use, Func<SqliteConnection, T> work)
    {
        Prepare();
        ref var connection = ref use == SqliteUse.Leases ? ref _leaseWriter : ref _journalWriter;
        try
        {
            connection ??= SqliteConnections.Open(_options, use);
            if (MaxPages is { } pages)
                connection.Execute($"PRAGMA max_page_count = {pages}");
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = work(connection);
            transaction.Commit();
            return result;
        }
        catch
        {
            // Whatever state it is in, a new one has none.
            Close(ref connection);
            throw;
        }
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        var connection = RentReader();
        var sound = false;
        try
        {
            var result = work(connection);
            sound = true;
            return result;
        }
        finally
        {
            Return(connection, sound);
        }
    }

    private SqliteConnection RentReader()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _readers.TryTake(out var connection) ? connection : SqliteConnections.Open(_options, SqliteUse.Read);
    }

    private static void Close(ref SqliteConnection? connection)
    {
        connection?.Dispose();
        connection = null;
    }

    private static void Forget(Task work) =>
        _ = work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
