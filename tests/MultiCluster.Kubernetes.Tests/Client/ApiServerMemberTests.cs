using System.Globalization;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

public sealed class ApiServerMemberTests
{
    [Fact]
    public async Task Every_kind_is_listed_then_watched()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: cluster =>
        {
            foreach (var json in new[] { Samples.Ingress, Samples.Slice, Samples.Service, Samples.Secret, Samples.IngressClass })
                cluster.Apply(json);
            cluster.Apply(Samples.Secret.Replace("kubernetes.io/tls", "helm.sh/release.v1", StringComparison.Ordinal).Replace("cert\"", "release\"", StringComparison.Ordinal));
        });
        await fixture.Cluster.WhenWatchedAsync(new CancellationTokenSource(RecordingSink.Deadline).Token);
        foreach (var kind in WatchedKinds.Always)
            Assert.Single(fixture.Sink.Events, e => e is MemberEvent.Listed { Items.Length: 1 } listed && listed.Kind == kind);

        var slice = Assert.IsType<EndpointSliceResource>(fixture.Sink.Known(ResourceKind.EndpointSlice).Values.Single());
        Assert.Equal(3, slice.Endpoints.Count);
        Assert.Contains(fixture.Cluster.Requests, r => r.Contains(
            "secrets?limit=500&fieldSelector=type%21%3Dkubernetes.io%2Fservice-account-token%2Ctype%21%3Dhelm.sh%2Frelease.v1%2C", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_arrive_as_events_in_order()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        fixture.Cluster.Apply(ClusterFixture.Service("a"));
        fixture.Cluster.Apply(ClusterFixture.Service("a", 81));
        fixture.Cluster.Delete(ResourcePath.Services, new ObjectKey("default", "a"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a", s => s.Ports[0].Number == 80);
        await fixture.Sink.UpsertedAsync<ServiceResource>("a", s => s.Ports[0].Number == 81);
        await fixture.Sink.DeletedAsync(ResourceKind.Service, "a");
    }

    [Fact]
    public async Task Lists_of_several_pages_come_as_one()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(1_201)));
        var listed = await fixture.Sink.ListedAsync(ResourceKind.Service);
        Assert.Equal(1_201, listed.Items.Select(static i => i.Key).Distinct().Count());
        Assert.Equal(3, fixture.Cluster.Requests.Count(static r => r.StartsWith("GET /api/v1/services?limit=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_continue_token_that_expires_changes_nothing_and_the_list_is_taken_whole()
    {
        var requests = 0;
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c =>
        {
            c.Apply(ClusterFixture.Services(600));
            c.Faults.ExpireContinue(ResourcePath.Services);
        });
        var listed = await fixture.Sink.ListedAsync(ResourceKind.Service);
        requests = fixture.Cluster.Requests.Count(static r => r.StartsWith("GET /api/v1/services?", StringComparison.Ordinal) && !r.Contains("watch=", StringComparison.Ordinal));
        Assert.Equal((600, 3), (listed.Items.Length, requests));
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected { Kind: ResourceKind.Service });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Events_survive_any_chunk_boundaries(int chunk)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: c => c.Faults.WatchChunkSize = chunk);
        await fixture.WatchingAsync();
        for (var i = 1; i <= 20; i++)
            fixture.Cluster.Apply(ClusterFixture.Service("a", i));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a", static s => s.Ports[0].Number == 20);
        Assert.Equal(Enumerable.Range(1, 20), fixture.Sink.Events.OfType<MemberEvent.Upserted>().Select(static e => ((ServiceResource)e.Resource).Ports[0].Number));
    }

    [Fact]
    public async Task An_event_of_megabytes_arrives()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        var annotation = new string('x', 3_000_000);
        fixture.Cluster.Apply($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"big","annotations":{"a":"{{{annotation}}}"}},"spec":{}}""");
        var service = await fixture.Sink.UpsertedAsync<ServiceResource>("big");
        Assert.Equal(annotation, service.Meta.Annotations["a"]);
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_from_the_last_version_without_a_list()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        var version = fixture.Cluster.Apply(Manifest("a"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a");
        fixture.Cluster.EndWatches(ResourcePath.Services);
        fixture.Cluster.Apply(Manifest("b"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("b");
        Assert.Contains(fixture.Cluster.Requests, r => r.Contains($"services?watch=true&allowWatchBookmarks=true&resourceVersion={version}", StringComparison.Ordinal));
        AssertOneList(fixture);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
    }

    [Fact]
    public async Task A_bookmark_moves_the_version()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        fixture.Cluster.Apply(Samples.IngressClass);
        var version = fixture.Cluster.ResourceVersion;
        fixture.Cluster.SendBookmarks();
        fixture.Cluster.EndWatches(ResourcePath.Services);
        fixture.Cluster.Apply(Manifest("b"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("b");
        Assert.Contains(fixture.Cluster.Requests, r => r.Contains($"services?watch=true&allowWatchBookmarks=true&resourceVersion={version}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cut_connection_is_reported_and_loses_nothing()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        fixture.Cluster.ResetWatches(ResourcePath.Services);
        fixture.Cluster.Apply(Manifest("a"));
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        await fixture.Sink.UpsertedAsync<ServiceResource>("a");
        AssertOneList(fixture);
    }

    [Theory]
    [InlineData(GoneAnswer.Event)]
    [InlineData(GoneAnswer.Status)]
    public async Task A_forgotten_version_leads_to_a_new_list(GoneAnswer answer)
    {
        await using var fixture = await ClusterFixture.StartAsync(new FakeClusterOptions { GoneAnswer = answer }, static c => c.Apply(ClusterFixture.Services(2)));
        await fixture.WatchingAsync();
        fixture.Cluster.Faults.Fail(ResourcePath.Services, 503, times: 1, FaultVerb.Watch);
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        fixture.Cluster.Faults.Clear();
        fixture.Cluster.Delete(ResourcePath.Services, new ObjectKey("default", "s0000"));
        fixture.Cluster.Compact();
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.EventuallyAsync(ResourceKind.Service, static known => known.Count == 1, "one service");
    }

    /// <summary>In whichever way it says so: with the event it looks well for a moment.</summary>
    [Theory]
    [InlineData(GoneAnswer.Event)]
    [InlineData(GoneAnswer.Status)]
    public async Task The_list_of_a_server_that_has_forgotten_during_an_outage_is_known_as_that(GoneAnswer answer)
    {
        await using var fixture = await ClusterFixture.StartAsync(new FakeClusterOptions { GoneAnswer = answer }, static c => c.Apply(ClusterFixture.Services(2)));
        await fixture.WatchingAsync();
        await fixture.Cluster.PauseAsync();
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        fixture.Cluster.Compact();
        await fixture.Cluster.ResumeAsync();
        Assert.True((await fixture.Sink.ListedAsync(ResourceKind.Service)).FollowsOutage);
        fixture.Cluster.Apply(Manifest("a"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a");
        fixture.Cluster.SendErrorEvent(ResourcePath.Services, 410);
        Assert.False((await fixture.Sink.ListedAsync(ResourceKind.Service)).FollowsOutage);
    }

    [Fact]
    public async Task An_error_event_410_leads_to_a_new_list()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        fixture.Cluster.SendErrorEvent(ResourcePath.Services, 410);
        Assert.False((await fixture.Sink.ListedAsync(ResourceKind.Service)).FollowsOutage);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
    }

    [Theory]
    [InlineData("{\"type\":\"ADDED\",\"object\":\n")]
    [InlineData("<html>\n")]
    [InlineData("{}\n")]
    public async Task A_line_that_is_no_event_ends_the_watch_and_changes_nothing(string line)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(2)));
        await fixture.WatchingAsync();
        fixture.Cluster.SendRaw(ResourcePath.Services, System.Text.Encoding.UTF8.GetBytes(line));
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        AssertOneList(fixture);
        Assert.Equal(2, fixture.Sink.Known(ResourceKind.Service).Count);
    }

    [Fact]
    public async Task Another_error_event_is_a_failure_and_the_watch_goes_on_without_a_list()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        fixture.Cluster.SendErrorEvent(ResourcePath.Services, 500);
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        AssertOneList(fixture);
    }

    [Fact]
    public async Task A_silent_connection_is_given_up()
    {
        await using var fixture = await ClusterFixture.StartAsync(reflector: new ReflectorOptions
        {
            BackoffBase = TimeSpan.FromMilliseconds(5),
            WatchSilence = TimeSpan.FromMilliseconds(300),
        });
        await fixture.WatchingAsync();
        fixture.Cluster.StallWatches(ResourcePath.Services);
        fixture.Cluster.Apply(Manifest("a"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a");
        Assert.Contains(fixture.Sink.Events, static e => e is MemberEvent.Disconnected { Kind: ResourceKind.Service } d && d.Reason.StartsWith("Timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restricted_to_namespaces_a_list_is_the_union_and_comes_once_all_are_known()
    {
        await using var fixture = await ClusterFixture.StartAsync(
            prepare: static c =>
            {
                foreach (var space in new[] { "a", "b", "c" })
                    c.Apply(ClusterFixture.Services(2, space));
                c.Apply(Samples.IngressClass);
                c.Faults.Fail(ResourcePath.Services, 500, times: 3, FaultVerb.List);
            },
            namespaces: ["a", "b"]);
        var listed = await fixture.Sink.ListedAsync(ResourceKind.Service);
        Assert.Equal(["a/s0000", "a/s0001", "b/s0000", "b/s0001"], listed.Items.Select(static i => i.Key.ToString()).Order());
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        fixture.Cluster.Apply(ClusterFixture.Service("new", space: "b"));
        fixture.Cluster.Apply(ClusterFixture.Service("new", space: "c"));
        fixture.Cluster.Apply(ClusterFixture.Service("last", space: "a"));
        await fixture.EventuallyAsync(ResourceKind.Service, static known => known.Count == 6, "six services of two namespaces");
        Assert.All(fixture.Sink.Known(ResourceKind.Service).Keys, static key => Assert.NotEqual("c", key.Namespace));
        Assert.Contains(fixture.Cluster.Requests, static r => r.StartsWith("GET /apis/networking.k8s.io/v1/ingressclasses?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thousands_of_events_arrive_each_once_and_in_order()
    {
        const int events = 5_000;
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.Cluster.WhenWatchedAsync(new CancellationTokenSource(RecordingSink.Deadline).Token);
        for (var i = 0; i < events; i++)
        {
            var json = $$$"""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s","namespace":"n","labels":{"i":"{{{i.ToString(CultureInfo.InvariantCulture)}}}"}},"endpoints":[]}""";
            fixture.Cluster.ApplyRaw(ResourcePath.EndpointSlices, new ObjectKey("n", "s"), System.Text.Encoding.UTF8.GetBytes(json));
        }

        await fixture.Sink.UpsertedAsync<EndpointSliceResource>("s", s => s.Meta.Labels["i"] == $"{events - 1}");
        var seen = fixture.Sink.Events.OfType<MemberEvent.Upserted>().Select(static e => int.Parse(e.Resource.Meta.Labels["i"], CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, events), seen);
    }

    private static System.Text.Json.Nodes.JsonNode Manifest(string name) =>
        System.Text.Json.Nodes.JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{}}""")!;

    private static void AssertOneList(ClusterFixture fixture) =>
        Assert.Single(fixture.Sink.Events, static e => e is MemberEvent.Listed { Kind: ResourceKind.Service });
}
