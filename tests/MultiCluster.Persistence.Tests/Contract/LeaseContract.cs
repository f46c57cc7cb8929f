using MultiCluster.Persistence.Leases;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>What holds for every lease store; each test has one of its own.</summary>
public abstract class LeaseContract : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private ILeaseSite? _site;
    private ILeaseProcess? _process;

    protected ILeaseStore Leases => _process!.Leases;

    private static CancellationToken None => CancellationToken.None;

    private ILeaseSite Site => _site!;

    protected abstract Task<ILeaseSite> CreateLeaseSiteAsync();

    public async Task InitializeAsync()
    {
        _site = await CreateLeaseSiteAsync();
        _process = await Site.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (_site is not null)
            await _site.DisposeAsync();
    }

    [ContractFact]
    public async Task A_record_is_created_once_changed_by_version_and_deleted()
    {
        var created = await WriteAsync(Leases, "node-1", "a", null);
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("node-1", "a", created)), await TryAsync(Leases, "node-1", "b", null));

        var changed = await WriteAsync(Leases, "node-1", "b", created);
        Assert.NotEqual(created, changed);
        AssertSequence([new LeaseRecord("node-1", "b", changed)], await Leases.ReadAllAsync(None));
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("node-1", "b", changed)), await TryAsync(Leases, "node-1", "c", created));
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("node-1", "b", changed)), await TryAsync(Leases, "node-1", null, created));

        Assert.Equal(new LeaseWriteResult.Written(null), await TryAsync(Leases, "node-1", null, changed));
        Assert.Empty(await Leases.ReadAllAsync(None));
        Assert.Equal(new LeaseWriteResult.Conflict(null), await TryAsync(Leases, "node-1", "d", changed));
    }

    [ContractFact]
    public async Task Writing_the_same_value_changes_the_version()
    {
        var first = await WriteAsync(Leases, "n", "same", null);

        Assert.NotEqual(first, await WriteAsync(Leases, "n", "same", first));
    }

    [ContractFact]
    public async Task A_version_is_not_used_again_when_a_record_is_created_anew()
    {
        var first = await WriteAsync(Leases, "n", "v", null);
        await TryAsync(Leases, "n", null, first);

        Assert.NotEqual(first, await WriteAsync(Leases, "n", "v", null));
    }

    [ContractFact]
    public async Task Deleting_what_is_not_there_is_done_already()
    {
        Assert.Equal(new LeaseWriteResult.Written(null), await TryAsync(Leases, "n", null, null));
        var version = await WriteAsync(Leases, "n", "v", null);
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("n", "v", version)), await TryAsync(Leases, "n", null, null));
    }

    [ContractFact]
    public async Task Writes_of_one_call_are_judged_each_alone_and_in_order()
    {
        var version = await WriteAsync(Leases, "b", "old", null);

        var results = await Leases.WriteAsync(
            [new LeaseWrite("a", "1", null), new LeaseWrite("b", "lost", "wrong"), new LeaseWrite("a", "2", null), new LeaseWrite("b", "new", version)], None);

        var a = Assert.IsType<LeaseWriteResult.Written>(results[0]).Version!;
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("b", "old", version)), results[1]);
        Assert.Equal(new LeaseWriteResult.Conflict(new LeaseRecord("a", "1", a)), results[2]);
        var b = Assert.IsType<LeaseWriteResult.Written>(results[3]).Version!;
        AssertSequence([new LeaseRecord("a", "1", a), new LeaseRecord("b", "new", b)], await Leases.ReadAllAsync(None));
    }

    [ContractFact]
    public async Task No_writes_are_no_results()
    {
        Assert.Empty(await Leases.WriteAsync([], None));
    }

    [ContractFact]
    public async Task Values_up_to_the_limit_come_back_in_full()
    {
        var value = string.Concat(Enumerable.Repeat("ü'\"\\\n", 682));
        var key = new string('k', 200);

        var version = await WriteAsync(Leases, key, value, null);

        AssertSequence([new LeaseRecord(key, value, version)], await Leases.ReadAllAsync(None));
        await Assert.ThrowsAsync<ArgumentException>(() => TryAsync(Leases, key, value + "12345", version));
        await Assert.ThrowsAsync<ArgumentException>(() => TryAsync(Leases, key + "k", "v", null));
        await Assert.ThrowsAsync<ArgumentException>(() => TryAsync(Leases, "with_underscore", "v", null));
        await Assert.ThrowsAsync<ArgumentException>(() => TryAsync(Leases, "", "v", null));
    }

    [ContractFact]
    public async Task A_read_sees_every_write_that_ended_before_it_also_of_another_process()
    {
        await using var other = await Site.OpenAsync();
        string? version = null;
        for (var i = 0; i < 50; i++)
        {
            version = await WriteAsync(i % 2 == 0 ? Leases : other.Leases, "n", $"{i}", version);
            var seen = Assert.Single(await (i % 2 == 0 ? other.Leases : Leases).ReadAllAsync(None));
            Assert.Equal(new LeaseRecord("n", $"{i}", version), seen);
        }
    }

    [ContractFact]
    public async Task Of_many_writers_at_once_exactly_one_wins_each_round()
    {
        const int Writers = 8;
        const int Rounds = 20;
        var processes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Site.OpenAsync()));
        string? version = null;
        for (var round = 0; round < Rounds; round++)
        {
            var expected = version;
            var results = await Task.WhenAll(processes.Select((process, i) => Task.Run(() => TryAsync(process.Leases, "shard-7", $"{round}-{i}", expected)))).WaitAsync(Deadline);

            var winner = Array.FindIndex(results, result => result is LeaseWriteResult.Written);
            Assert.Equal(Writers - 1, results.Count(result => result is LeaseWriteResult.Conflict));
            version = ((LeaseWriteResult.Written)results[winner]).Version;
            AssertSequence([new LeaseRecord("shard-7", $"{round}-{winner}", version!)], await Leases.ReadAllAsync(None));
            Assert.All(results.OfType<LeaseWriteResult.Conflict>(), conflict => Assert.Equal(version, conflict.Current!.Version));
        }
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    [ContractFact]
    public async Task Increments_by_compare_and_swap_lose_none()
    {
        const int Writers = 4;
        const int Each = 15;
        var processes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Site.OpenAsync()));
        await WriteAsync(Leases, "counter", "0", null);

        await Task.WhenAll(processes.Select(process => Task.Run(async () =>
        {
            for (var done = 0; done < Each;)
            {
                var current = Assert.Single(await process.Leases.ReadAllAsync(None));
                if (await TryAsync(process.Leases, "counter", $"{int.Parse(current.Value) + 1}", current.Version) is LeaseWriteResult.Written)
                    done++;
            }
        }))).WaitAsync(Deadline);

        Assert.Equal($"{Writers * Each}", Assert.Single(await Leases.ReadAllAsync(None)).Value);
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    [ContractFact]
    public async Task Writers_of_several_keys_in_opposite_order_all_get_an_answer()
    {
        await using var other = await Site.OpenAsync();
        for (var round = 0; round < 15; round++)
        {
            var (a, b) = ($"a-{round}", $"b-{round}");
            var results = await Task.WhenAll(
                Task.Run(() => Leases.WriteAsync([new LeaseWrite(a, "1", null), new LeaseWrite(b, "1", null)], None).AsTask()),
                Task.Run(() => other.Leases.WriteAsync([new LeaseWrite(b, "2", null), new LeaseWrite(a, "2", null)], None).AsTask())).WaitAsync(Deadline);

            Assert.Equal(2, results.SelectMany(result => result).Count(result => result is LeaseWriteResult.Written));
        }
    }

    /// <summary>Element by element, where ImmutableArray's own equality would ask for the same array.</summary>
    private static void AssertSequence<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(expected, actual);

    private static async Task<LeaseWriteResult> TryAsync(ILeaseStore store, string key, string? value, string? expected) =>
        Assert.Single(await store.WriteAsync([new LeaseWrite(key, value, expected)], None));

    private static async Task<string> WriteAsync(ILeaseStore store, string key, string value, string? expected) =>
        Assert.IsType<LeaseWriteResult.Written>(await TryAsync(store, key, value, expected)).Version!;
}
