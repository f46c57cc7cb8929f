using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Kubernetes.Tests.Status;

public sealed class EventWriterTests
{
    private static readonly EventReport Lost = new(
        ResourcePath.Ingresses, new ObjectKey("web", "shop"), "u1", IsWarning: true, "PathConflict", "Merge", "aws has shop.example/ with another backend");

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task An_event_says_what_happened_to_which_object()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
        var written = Assert.Single(fixture.Written());
        Assert.Equal(
            ("Warning", "PathConflict", "Merge", Lost.Message, "example/controller", "node-1"),
            (written["type"]!.GetValue<string>(), written["reason"]!.GetValue<string>(), written["action"]!.GetValue<string>(), written["note"]!.GetValue<string>(),
                written["reportingController"]!.GetValue<string>(), written["reportingInstance"]!.GetValue<string>()));
        Assert.Equal("2026-01-01T00:00:00.000000Z", written["eventTime"]!.GetValue<string>());
        Assert.Equal(
            """{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","name":"shop","namespace":"web","uid":"u1"}""", written["regarding"]!.ToJsonString());
    }

    [Fact]
    public async Task The_same_again_is_counted_and_written_now_and_then()
    {
        await using var fixture = await StartAsync();
        await fixture.WriteAsync(Lost);
        for (var i = 0; i < 5; i++)
            Assert.Equal(EventOutcome.Counted, (await fixture.WriteAsync(Lost)).Outcome);
        Assert.Null(Assert.Single(fixture.Written())["series"]);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
        var series = Assert.Single(fixture.Written())["series"]!;
        Assert.Equal((7, "2026-01-01T00:06:00.000000Z"), (series["count"]!.GetValue<int>(), series["lastObservedTime"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Another_reason_message_or_object_is_another_event()
    {
        await using var fixture = await StartAsync();
        foreach (var report in new[] { Lost, Lost with { Reason = "TLSConflict" }, Lost with { Message = "x" }, Lost with { Uid = "u2" }, Lost with { Object = new("web", "other") } })
            Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(report)).Outcome);
        Assert.Equal(5, fixture.Written().Count);
    }

    [Fact]
    public async Task After_a_restart_the_series_goes_on()
    {
        await using var fixture = await StartAsync();
        await fixture.WriteAsync(Lost);
        fixture.Restart();
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
        fixture.Restart();
        await fixture.WriteAsync(Lost);
        Assert.Equal(3, Assert.Single(fixture.Written())["series"]!["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_event_that_has_expired_is_written_anew()
    {
        await using var fixture = await StartAsync();
        await fixture.WriteAsync(Lost);
        fixture.Cluster.Delete(ResourcePath.Events, new ObjectKey("web", fixture.Written()[0]["metadata"]!["name"]!.GetValue<string>()));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
        Assert.Single(fixture.Written());
    }

    [Fact]
    public async Task An_object_with_too_many_events_gets_one_in_five_minutes()
    {
        await using var fixture = await StartAsync();
        var outcomes = new List<EventOutcome>();
        for (var i = 0; i < 30; i++)
            outcomes.Add((await fixture.WriteAsync(Lost with { Message = $"{i}" })).Outcome);
        Assert.Equal((25, 5), (outcomes.Count(static o => o == EventOutcome.Written), outcomes.Count(static o => o == EventOutcome.Dropped)));
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost with { Object = new ObjectKey("web", "other") })).Outcome);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost with { Message = "later" })).Outcome);
        Assert.Equal(EventOutcome.Dropped, (await fixture.WriteAsync(Lost with { Message = "too much" })).Outcome);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("patch")]
    public async Task A_right_that_is_missing_is_a_value_that_names_it(string verb)
    {
        await using var fixture = await StartAsync();
        if (verb == "patch")
        {
            await fixture.WriteAsync(Lost);
            _time.Advance(TimeSpan.FromMinutes(7));
        }

        fixture.Cluster.Access.Deny(verb, ResourcePath.Events);
        var result = await fixture.WriteAsync(Lost);
        Assert.Equal(EventOutcome.Forbidden, result.Outcome);
        Assert.StartsWith("Event PathConflict on Ingress web/shop: 403", result.Message, StringComparison.Ordinal);
        Assert.EndsWith("grant create and patch on events.events.k8s.io", result.Message, StringComparison.Ordinal);
        fixture.Cluster.Access.AllowAll();
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
    }

    [Fact]
    public async Task Without_the_right_to_get_a_repetition_after_a_restart_is_not_counted()
    {
        await using var fixture = await StartAsync();
        await fixture.WriteAsync(Lost);
        fixture.Restart();
        fixture.Cluster.Access.Deny("get", ResourcePath.Events);
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
        Assert.Null(Assert.Single(fixture.Written())["series"]);
    }

    [Fact]
    public async Task A_server_that_is_away_is_a_value_and_the_next_one_is_written()
    {
        await using var fixture = await StartAsync();
        await fixture.Cluster.PauseAsync();
        Assert.Equal(EventOutcome.Failed, (await fixture.WriteAsync(Lost)).Outcome);
        await fixture.Cluster.ResumeAsync();
        Assert.Equal(EventOutcome.Written, (await fixture.WriteAsync(Lost)).Outcome);
    }

    [Fact]
    public void Texts_are_cut_to_what_a_server_takes()
    {
        var report = Lost with { Message = new string('ä', 2000), Object = new ObjectKey("", new string('n', 253)) };
        var json = JsonNode.Parse(EventJson.Create(report, new ObjectKey(EventJson.NamespaceOf(report), EventJson.NameOf(report)), "r", "i", default).Span)!;
        Assert.InRange(Encoding.UTF8.GetByteCount(json["note"]!.GetValue<string>()), 1000, 1024);
        Assert.InRange(json["metadata"]!["name"]!.GetValue<string>().Length, 200, 253);
        Assert.Equal("default", json["metadata"]!["namespace"]!.GetValue<string>());
    }

    private async Task<Fixture> StartAsync() => new(await FakeCluster.StartAsync(), _time);

    private sealed class Fixture : IAsyncDisposable
    {
        private readonly TimeProvider _time;
        private readonly KubernetesClient _client;
        private EventWriter _writer;

        public Fixture(FakeCluster cluster, TimeProvider time)
        {
            Cluster = cluster;
            _time = time;
            _client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
            _writer = New();
        }

        public FakeCluster Cluster { get; }

        public void Restart() => _writer = New();

        public Task<EventResult> WriteAsync(EventReport report) => _writer.WriteAsync(report, default);

        public List<JsonNode> Written() => Cluster.All(ResourcePath.Events);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Cluster.DisposeAsync();
        }

        private EventWriter New() => new(_client, "example/controller", "node-1", _time);
    }
}
