using System.Text.Json.Nodes;
using MultiCluster.Controller.Leases;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Persistence.Leases;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Controller.Tests.Leases;

/// <summary>What goes wrong on the way to the API server, and what hands that know no rules do to the objects.</summary>
public sealed class KubernetesLeaseFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private LeaseSite _site = null!;
    private KubernetesLeaseStore _store = null!;

    private FakeCluster Fake => (FakeCluster)_site.Cluster;

    public async Task InitializeAsync()
    {
        _site = await LeaseSite.OnFakeAsync();
        _store = _site.OpenStore();
    }

    public async Task DisposeAsync()
    {
        _store.Dispose();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData(401, "not accepted")]
    [InlineData(429, "429 TooManyRequests")]
    [InlineData(500, "500 InternalError")]
    [InlineData(503, "503 ServiceUnavailable")]
    public async Task A_server_that_refuses_is_named_and_used_again_when_it_serves(int code, string words)
    {
        var version = await WriteAsync("n", "1", null);
        Fake.Faults.Fail(ResourcePath.Leases, code, verb: FaultVerb.List);
        Fake.Faults.Fail(ResourcePath.Leases, code, verb: FaultVerb.Write);

        var read = await Assert.ThrowsAsync<LeaseStoreException>(async () => await _store.ReadAllAsync(default));
        var write = await Assert.ThrowsAsync<LeaseStoreException>(() => TryAsync("n", "2", version));

        Assert.Contains(words, read.Message, StringComparison.Ordinal);
        Assert.Contains(words, write.Message, StringComparison.Ordinal);
        Assert.Equal(new LeaseRecord("n", "1", version), Assert.Single(await _store.ReadAllAsync(default)));
    }

    [Fact]
    public async Task Each_missing_right_is_named_with_its_verb_and_the_Role_that_grants_it()
    {
        var version = await WriteAsync("n", "1", null);
        await AssertForbiddenAsync("list", FaultVerb.List, async () => await _store.ReadAllAsync(default));
        await AssertForbiddenAsync("create", FaultVerb.Write, () => TryAsync("m", "1", null));
        await AssertForbiddenAsync("update", FaultVerb.Write, () => TryAsync("n", "2", version));
        await AssertForbiddenAsync("delete", FaultVerb.Write, () => TryAsync("n", null, version));
        await AssertForbiddenAsync("get", FaultVerb.Get, () => TryAsync("n", "2", null));
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_the_write_changes_nothing()
    {
        var version = await WriteAsync("n", "1", null);
        Fake.Faults.Reset(ResourcePath.Leases, verb: FaultVerb.Write);

        await Assert.ThrowsAsync<LeaseStoreException>(() => TryAsync("n", "2", version));

        Assert.Equal(new LeaseRecord("n", "1", version), Assert.Single(await _store.ReadAllAsync(default)));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_throws_and_is_found_by_the_next_read()
    {
        var version = await WriteAsync("n", "1", null);
        Fake.Faults.LoseAnswer(ResourcePath.Leases);

        await Assert.ThrowsAsync<LeaseStoreException>(() => TryAsync("n", "2", version));

        var record = Assert.Single(await _store.ReadAllAsync(default));
        Assert.Equal("2", record.Value);
        Assert.Equal(new LeaseWriteResult.Conflict(record), await TryAsync("n", "3", version));
    }

    [Theory]
    [InlineData(FaultVerb.List)]
    [InlineData(FaultVerb.Write)]
    public async Task A_server_that_never_answers_is_given_up_after_the_time_out(FaultVerb verb)
    {
        var time = new ManualTimeProvider();
        using var store = _site.OpenStore(time, TimeSpan.FromSeconds(2));
        var met = Fake.Faults.StallOnce(ResourcePath.Leases, verb);
        Task call = verb == FaultVerb.List ? store.ReadAllAsync(default).AsTask() : store.WriteAsync([new("n", "1", null)], default).AsTask();
        await met.WaitAsync(Deadline);

        time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<LeaseStoreException>(() => call.WaitAsync(Deadline));
        Assert.Contains("no answer within 2 s", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _store.ReadAllAsync(default));
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_fault_of_the_store()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.ReadAllAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.WriteAsync([new("n", "1", null)], cancelled.Token));
        Assert.Empty(await _store.ReadAllAsync(default));
    }

    [Fact]
    public async Task A_server_that_is_away_is_used_again_when_it_is_back()
    {
        var version = await WriteAsync("n", "1", null);
        await Fake.PauseAsync();
        await Assert.ThrowsAsync<LeaseStoreException>(async () => await _store.ReadAllAsync(default));
        await Assert.ThrowsAsync<LeaseStoreException>(() => TryAsync("n", "2", version));

        await Fake.ResumeAsync();

        Assert.IsType<LeaseWriteResult.Written>(await TryAsync("n", "2", version));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task A_conflict_that_the_object_does_not_bear_out_is_tried_again_but_not_for_ever(int times)
    {
        var version = await WriteAsync("n", "1", null);
        Fake.Faults.Fail(ResourcePath.Leases, 409, times - 1, FaultVerb.Write);

        var attempt = TryAsync("n", "2", version).WaitAsync(Deadline);

        if (times == 3)
            Assert.IsType<LeaseWriteResult.Written>(await attempt);
        else
            Assert.Contains("conflict", (await Assert.ThrowsAsync<LeaseStoreException>(() => attempt)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_one_write_fails_no_more_are_begun()
    {
        using var store = _site.OpenStore(maxParallelWrites: 1);
        Fake.Faults.Fail(ResourcePath.Leases, 403, verb: FaultVerb.Write);

        await Assert.ThrowsAsync<LeaseStoreException>(async () => await store.WriteAsync([.. Enumerable.Range(0, 64).Select(i => new LeaseWrite($"s{i}", "1", null))], default));

        Assert.Single(Fake.Requests, static request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_are_paged_whole_after_a_lost_continue_token_and_never_from_a_cache()
    {
        const int Count = 1_100;
        await _store.WriteAsync([.. Enumerable.Range(0, Count).Select(static i => new LeaseWrite($"shard-{i:d4}", "v", null))], default);
        Assert.Equal(Count, (await _store.ReadAllAsync(default)).Length);
        Assert.Equal(3, Lists().Count);
        Fake.Faults.ExpireContinue(ResourcePath.Leases);

        Assert.Equal(Count, (await _store.ReadAllAsync(default)).Length);

        Assert.Equal(6, Lists().Count);
        Assert.All(Lists(), static request => Assert.DoesNotContain("resourceVersion", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("garbage")]
    [InlineData("html")]
    public async Task Half_a_list_is_no_list(string fault)
    {
        await WriteAsync("n", "1", null);
        if (fault == "truncate")
            Fake.Faults.TruncateList(ResourcePath.Leases);
        else if (fault == "garbage")
            Fake.Faults.GarbageList(ResourcePath.Leases);
        else
            Fake.Faults.Html(ResourcePath.Leases);

        await Assert.ThrowsAsync<LeaseStoreException>(async () => await _store.ReadAllAsync(default));
        Assert.Single(await _store.ReadAllAsync(default));
    }

    [Fact]
    public async Task An_object_whose_value_was_removed_by_hand_stays_a_record_that_nobody_understands()
    {
        var version = await WriteAsync("shard-0001", """{"shard":1}""", null);
        Edit("shard-0001", static meta => meta["annotations"]!.AsObject().Remove(LeaseMapping.ValueAnnotation));

        var record = Assert.Single(await _store.ReadAllAsync(default));
        await _store.ReadAllAsync(default);

        Assert.Equal(("shard-0001", ""), (record.Key, record.Value));
        Assert.NotEqual(version, record.Version);
        Assert.Contains("multicluster-test/test.shard-0001", Assert.Single(_site.Logged), StringComparison.Ordinal);
        Assert.IsType<LeaseWriteResult.Conflict>(await TryAsync("shard-0001", "x", version));
        Assert.IsType<LeaseWriteResult.Written>(await TryAsync("shard-0001", "x", record.Version));
    }

    [Fact]
    public async Task An_object_that_lost_its_labels_gets_them_back_when_somebody_takes_it_for_missing()
    {
        await WriteAsync("shard-0001", "owned", null);
        Edit("shard-0001", static meta => meta.Remove("labels"));
        Assert.Empty(await _store.ReadAllAsync(default));

        var conflict = Assert.IsType<LeaseWriteResult.Conflict>(await TryAsync("shard-0001", "stolen", null));

        Assert.Equal("owned", conflict.Current!.Value);
        Assert.Equal(conflict.Current, Assert.Single(await _store.ReadAllAsync(default)));
    }

    [Fact]
    public async Task An_object_of_somebody_else_in_a_records_place_is_left_alone_and_named()
    {
        Fake.Apply(Lease("test.shard-0001", "{}"));

        var error = await Assert.ThrowsAsync<LeaseStoreException>(() => TryAsync("shard-0001", "1", null));

        Assert.Contains("test.shard-0001", error.Message, StringComparison.Ordinal);
        Assert.Null(Fake.Get(ResourcePath.Leases, _site.Object("shard-0001"))!["metadata"]!["annotations"]);
    }

    [Fact]
    public async Task A_labelled_object_of_another_name_is_passed_over_and_told_once()
    {
        var version = await WriteAsync("n", "1", null);
        Fake.Apply(Lease("somebody-elses", $$"""{"{{LeaseMapping.ClusterLabel}}":"test"}"""));

        Assert.Equal(new LeaseRecord("n", "1", version), Assert.Single(await _store.ReadAllAsync(default)));
        Assert.Single(await _store.ReadAllAsync(default));
        Assert.Contains("somebody-elses", Assert.Single(_site.Logged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_deleted_and_made_anew_by_hand_has_another_version()
    {
        var version = await WriteAsync("n", "1", null);
        var json = Fake.Get(ResourcePath.Leases, _site.Object("n"))!;
        Fake.Delete(ResourcePath.Leases, _site.Object("n"));
        Assert.Equal(new LeaseWriteResult.Conflict(null), await TryAsync("n", "2", version));
        Fake.Apply(json);

        var record = Assert.Single(await _store.ReadAllAsync(default));

        Assert.NotEqual(version, record.Version);
        Assert.Equal(new LeaseWriteResult.Conflict(record), await TryAsync("n", "2", version));
        Assert.Equal(new LeaseWriteResult.Conflict(record), await TryAsync("n", null, version));
    }

    [Fact]
    public async Task Clusters_of_several_names_in_one_namespace_do_not_see_each_other()
    {
        var other = new LeaseSite(Fake, "test-2");
        using var second = other.OpenStore();
        await WriteAsync("n", "1", null);

        Assert.Empty(await second.ReadAllAsync(default));
        Assert.IsType<LeaseWriteResult.Written>(Assert.Single(await second.WriteAsync([new("n", "2", null)], default)));
        Assert.Equal("1", Assert.Single(await _store.ReadAllAsync(default)).Value);
    }

    private async Task AssertForbiddenAsync(string verb, FaultVerb fault, Func<Task> call)
    {
        Fake.Faults.Fail(ResourcePath.Leases, 403, verb: fault);
        var error = await Assert.ThrowsAsync<LeaseStoreException>(call);
        Assert.StartsWith($"Can't {verb} lease", error.Message, StringComparison.Ordinal);
        Assert.Contains($"A Role in namespace {LeaseSite.Space} must allow {verb} ", error.Message, StringComparison.Ordinal);
        Fake.Faults.Clear();
    }

    private void Edit(string name, Action<JsonObject> edit)
    {
        var node = Fake.Get(ResourcePath.Leases, _site.Object(name))!;
        edit(node["metadata"]!.AsObject());
        Fake.Apply(node);
    }

    private static JsonObject Lease(string name, string labels) => new JsonObject
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = LeaseSite.Space, ["labels"] = JsonNode.Parse(labels) },
    };

    private List<string> Lists() => [.. Fake.Requests.Where(static request => request.StartsWith("GET", StringComparison.Ordinal) && request.Contains("/leases?", StringComparison.Ordinal))];

    private async Task<LeaseWriteResult> TryAsync(string key, string? value, string? expected) =>
        Assert.Single(await _store.WriteAsync([new LeaseWrite(key, value, expected)], default));

    private async Task<string> WriteAsync(string key, string value, string? expected) =>
        Assert.IsType<LeaseWriteResult.Written>(await TryAsync(key, value, expected)).Version!;
}
