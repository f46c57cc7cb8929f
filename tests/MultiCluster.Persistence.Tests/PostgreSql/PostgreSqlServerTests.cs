using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.PostgreSql;
using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.Persistence.Writing;
using MultiCluster.TestKit.PostgreSql;
using Npgsql;

namespace MultiCluster.Persistence.Tests.PostgreSql;

/// <summary>What a server adds to the contract: it crashes, hangs, and shows commits in its own order.</summary>
[NeedsPostgreSql]
public sealed class PostgreSqlServerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken None => CancellationToken.None;

    [ContractFact]
    public async Task A_server_that_crashes_in_the_middle_of_writing_costs_nothing_that_was_acknowledged()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var site = await PostgreSqlSite.CreateOnAsync(server);
        await using var database = site.Open();
        await using var owner = new DirectOwner(database, new WriteBehindOptions { GroupEvents = 50, BackoffCap = TimeSpan.FromMilliseconds(200) });
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 2_000; i++)
                owner.Count($"e{i % 40}");
            var before = owner.Writer.State.WrittenEvents;
            await owner.WaitForAsync(state => state.WrittenEvents > before, "some events of the round written", Deadline);
            await server.CrashAsync();
            await owner.WaitForAsync(state => state.FailingSince is not null, "the crash noticed", Deadline);
            await server.StartAgainAsync();
            await owner.AssertRecoversAsync(database);
        }
    }

    [ContractFact]
    public async Task An_event_that_commits_late_is_not_passed_by()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        await using var database = site.Open();
        await database.PrepareAsync(None);
        await using var slow = new NpgsqlConnection(site.ConnectionString);
        await slow.OpenAsync();
        await ExecuteAsync(slow, "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('multicluster journal ' || current_schema(), 0))");
        await ExecuteAsync(slow, "INSERT INTO journal VALUES ('slow', 1, 1, nextval('journal_position'), now(), 'event', 1, '')");

        var fast = database.Journal.AppendAsync([Batch("fast", 1, "x")], None).AsTask();
        await WaitForAsync(site, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        var before = await database.Journal.ReadAllAsync(0, 10, None);
        await ExecuteAsync(slow, "COMMIT");
        await fast.WaitAsync(Deadline);

        Assert.Empty(before.Events);
        var after = await database.Journal.ReadAllAsync(before.Next, 10, None);
        Assert.Equal(["slow", "fast"], after.Events.Select(stored => stored.PersistenceId));
    }

    [ContractFact]
    public async Task A_writer_waits_for_the_one_before_it_and_is_judged_by_what_that_left()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        await using var database = site.Open();
        await database.Journal.AppendAsync([Batch("a", 1, "1")], None);
        await using var first = new NpgsqlConnection(site.ConnectionString);
        await first.OpenAsync();
        await ExecuteAsync(first, "BEGIN; SELECT FROM entity WHERE persistence_id = 'a' FOR UPDATE");

        var second = database.Journal.AppendAsync([Batch("a", 2, "2")], None).AsTask();
        await WaitForAsync(site, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await ExecuteAsync(first, "UPDATE entity SET seq_nr = 7, epoch = 5; COMMIT");

        Assert.Equal(new AppendResult.Fenced(5), Assert.Single(await second.WaitAsync(Deadline)));
        Assert.Equal(1, await site.CountAsync("SELECT count(*) FROM journal"));
    }

    [ContractFact]
    public async Task A_client_that_falls_asleep_in_a_transaction_is_thrown_out()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        await using var database = new PostgreSqlDatabase(site.Options with { CommandTimeout = TimeSpan.FromSeconds(3) }, TimeProvider.System);
        await database.Journal.AppendAsync([Batch("a", 1, "1")], None);
        await using var asleep = await PostgreSqlSources
            .Create(new PostgreSqlOptions(site.ConnectionString) { CommandTimeout = TimeSpan.FromSeconds(1) }, leases: false).OpenConnectionAsync();
        await ExecuteAsync(asleep, "BEGIN; SELECT FROM entity FOR UPDATE");

        var results = await database.Journal.AppendAsync([Batch("a", 2, "2")], None);

        Assert.Equal(new AppendResult.Appended(2), Assert.Single(results));
    }

    [ContractFact]
    public async Task A_statement_of_a_client_that_is_gone_is_ended_by_the_server()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        await using var source = PostgreSqlSources.Create(site.Options with { CommandTimeout = TimeSpan.FromSeconds(50) }, leases: false);
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "BEGIN; SELECT pg_advisory_xact_lock(1)");
        using var cancel = new CancellationTokenSource();
        await using var command = new NpgsqlCommand("SELECT pg_sleep(50)", connection);
        var running = command.ExecuteNonQueryAsync(cancel.Token);
        await WaitForAsync(site, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => running);

        await WaitForAsync(site, "SELECT 1 - count(*) FROM pg_locks WHERE locktype = 'advisory'");
    }

    [ContractFact]
    public async Task A_server_that_takes_connections_and_says_nothing_is_given_up_in_time()
    {
        var folder = Directory.CreateTempSubdirectory("mc-silent-").FullName;
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, ".s.PGSQL.5432")));
        silent.Listen();
        await using var database = new PostgreSqlDatabase(
            new PostgreSqlOptions($"Host={folder};Username=x;Database=x;Password=hunter2")
            {
                CommandTimeout = TimeSpan.FromSeconds(1),
                LeaseTimeout = TimeSpan.FromSeconds(1),
                BulkTimeout = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System);

        var error = await Assert.ThrowsAsync<LeaseStoreException>(async () => await database.Leases.ReadAllAsync(None)).WaitAsync(Deadline);

        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [ContractFact]
    public async Task A_server_that_stops_answering_is_given_up_in_time_and_used_again()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        // One connection, whose process on the server is then stopped.
        var options = new PostgreSqlOptions(site.Options.ConnectionString) { LeaseTimeout = TimeSpan.FromSeconds(1) };
        await using var database = new PostgreSqlDatabase(options, TimeProvider.System);
        await database.Leases.WriteAsync([new LeaseWrite("n", "1", null)], None);
        var backend = await site.CountAsync(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%lease%' AND pid <> pg_backend_pid() ORDER BY backend_start DESC LIMIT 1");
        Assert.True(backend > 1, "The connection's process on the server was not found.");
        await SignalAsync("-STOP", backend);
        try
        {
            await Assert.ThrowsAsync<LeaseStoreException>(async () => await database.Leases.ReadAllAsync(None)).WaitAsync(Deadline);
            // The connection is given up, another is opened.
            Assert.Single(await database.Leases.ReadAllAsync(None).AsTask().WaitAsync(Deadline));
        }
        finally
        {
            await SignalAsync("-CONT", backend);
        }
    }

    [ContractFact]
    public async Task Troubles_are_named_with_what_to_do()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var database = new PostgreSqlDatabase(new PostgreSqlOptions(server.ConnectionString("nowhere")), TimeProvider.System);

        var error = await Assert.ThrowsAsync<PersistenceException>(async () => await database.PrepareAsync(None));

        Assert.Equal(PersistenceFailure.Unavailable, error.Failure);
        Assert.Contains("PostgreSQL database nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("create it", error.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Two_schemas_of_one_database_are_two_databases()
    {
        await using var site = (PostgreSqlSite)await PostgreSqlSite.CreateAsync();
        await site.ExecuteAsync("CREATE SCHEMA other");
        await using var first = site.Open();
        await using var second = new PostgreSqlDatabase(new PostgreSqlOptions(site.Options.ConnectionString + ";Search Path=other"), TimeProvider.System);

        await first.Journal.AppendAsync([Batch("a", 1, "1")], None);
        Assert.Equal(new AppendResult.Appended(1), Assert.Single(await second.Journal.AppendAsync([Batch("a", 1, "2")], None)));
        Assert.Equal(1, await site.CountAsync("SELECT count(*) FROM other.journal"));
    }

    private static EventBatch Batch(string id, long first, string text) =>
        new(id, 1, first, [new EventData(DateTimeOffset.UnixEpoch, "event", 1, System.Text.Encoding.UTF8.GetBytes(text))]);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WaitForAsync(PostgreSqlSite site, string countSql)
    {
        using var expired = new CancellationTokenSource(Deadline);
        while (await site.CountAsync(countSql) == 0)
            Assert.False(expired.IsCancellationRequested, $"Stayed 0 for {Deadline}: {countSql}");
    }

    private static async Task SignalAsync(string signal, long pid)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
