using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Sqlite;
using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Sqlite;

/// <summary>What a file adds to the contract: its mode, its size, its place.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private SqliteSite? _site;
    private SqliteDatabase? _database;

    private SqliteSite Site => _site ??= new SqliteSite();

    private SqliteDatabase Database => _database ??= new SqliteDatabase(Site.Options, TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        await Site.DisposeAsync();
    }

    [Fact]
    public async Task All_files_are_for_the_owner_only()
    {
        await AppendAsync(1, "x");

        var files = Directory.GetFiles(Path.GetDirectoryName(Site.Path)!);
        Assert.Equal(["journal.db", "journal.db-shm", "journal.db-wal"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in files)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_full_disk_is_named_leaves_what_was_there_and_room_is_used_again()
    {
        await AppendAsync(1, "before");
        Database.MaxPages = (int)await Site.CountAsync("PRAGMA page_count");
        var big = new string('x', 100_000);

        var error = await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync(2, big));
        Assert.Equal(PersistenceFailure.Full, error.Failure);
        Assert.Contains(Site.Path, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LeaseStoreException>(async () =>
            await Database.Leases.WriteAsync([.. Enumerable.Range(0, 50).Select(n => new LeaseWrite($"n{n}", new string('x', 4000), null))], CancellationToken.None));
        Assert.Empty(await Database.Leases.ReadAllAsync(CancellationToken.None));
        Database.MaxPages = 1_000_000;

        Assert.Equal(new AppendResult.Appended(2), await AppendAsync(2, big));
    }

    [Fact]
    public async Task Write_behind_over_a_full_disk_loses_no_state()
    {
        await Database.PrepareAsync(CancellationToken.None);
        await using var owner = new DirectOwner(Database, new WriteBehindOptions { MaxEventsPerEntity = 8, BackoffCap = TimeSpan.FromMilliseconds(100) }, payload: 2_000);
        Database.MaxPages = 40;
        for (var i = 0; i < 400; i++)
            owner.Count($"e{i % 20}");
        await owner.WaitForAsync(state => state.LastError?.Contains("no room", StringComparison.Ordinal) == true, "the full disk noticed", Deadline);
        Database.MaxPages = 1_000_000;

        await owner.AssertRecoversAsync(Database);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("These are somebody's notes.\n", 100));
        await File.WriteAllTextAsync(Site.Path, text);

        var error = await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync(1, "x"));

        Assert.Equal(PersistenceFailure.Corrupt, error.Failure);
        Assert.Contains(Site.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(Site.Path));
    }

    [Fact]
    public async Task A_damaged_database_is_named()
    {
        for (var i = 1; i <= 50; i++)
            await AppendAsync(i, new string('x', 2_000));
        await Database.DisposeAsync();
        _database = null;
        await using (var file = File.OpenWrite(Site.Path))
        {
            file.Position = 4096;
            await file.WriteAsync(new byte[file.Length - 4096]);
        }

        var error = await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync(51, "x"));

        Assert.Equal(PersistenceFailure.Corrupt, error.Failure);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_named_and_used_when_it_is_there()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Site.Path)!, "later");
        await using var database = new SqliteDatabase(Site.Options with { Path = Path.Combine(folder, "journal.db") }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<PersistenceException>(async () => await database.PrepareAsync(CancellationToken.None));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);

        Directory.CreateDirectory(folder);

        Assert.True(await database.PrepareAsync(CancellationToken.None) > 0);
    }

    [Fact]
    public async Task Leases_are_committed_to_the_disk_and_events_to_the_log()
    {
        await Database.PrepareAsync(CancellationToken.None);
        foreach (var (use, level) in new[] { (SqliteUse.Leases, 2L), (SqliteUse.Journal, 1L) })
        {
            await using var connection = SqliteConnections.Open(Site.Options, use);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous";
            Assert.Equal(level, await command.ExecuteScalarAsync());
        }
        Assert.Equal(1, await Site.CountAsync("SELECT count(*) FROM pragma_journal_mode() WHERE journal_mode = 'wal'"));
    }

    private async Task<AppendResult> AppendAsync(long number, string text)
    {
        var data = new EventData(DateTimeOffset.UnixEpoch, "event", 1, System.Text.Encoding.UTF8.GetBytes(text));
        return Assert.Single(await Database.Journal.AppendAsync([new EventBatch("a", 1, number, [data])], CancellationToken.None));
    }
}
