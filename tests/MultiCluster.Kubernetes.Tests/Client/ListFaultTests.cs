using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>Unknown is not empty: whatever goes wrong with a list, no list is reported until a complete one has come.</summary>
public sealed class ListFaultTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "401", "401 Unauthorized" },
        { "403", "403 Forbidden" },
        { "404", "404 NotFound" },
        { "429", "429 TooManyRequests" },
        { "500", "500 InternalError" },
        { "503", "503 ServiceUnavailable" },
        { "html", "NotKubernetes" },
        { "reset", "Unreachable" },
        { "truncate", "Unreachable" },
        { "garbage", "NotKubernetes" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failed_first_list_is_a_reason_and_no_list(string fault, string reason)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: cluster =>
        {
            cluster.Apply(ClusterFixture.Services(3));
            Inject(cluster.Faults, fault, times: 2);
        });
        Assert.StartsWith(reason, (await fixture.Sink.DisconnectedAsync(ResourceKind.Service)).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Sink.Events.TakeWhile(IsNotFailure), static e => e is MemberEvent.Listed { Kind: ResourceKind.Service });
        Assert.Equal(3, (await fixture.Sink.ListedAsync(ResourceKind.Service)).Items.Length);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failed_later_list_changes_nothing(string fault, string reason)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(3)));
        await fixture.WatchingAsync();
        Inject(fixture.Cluster.Faults, fault, times: 2);
        fixture.Cluster.SendErrorEvent(ResourcePath.Services, 410);
        Assert.StartsWith(reason, (await fixture.Sink.DisconnectedAsync(ResourceKind.Service)).Reason, StringComparison.Ordinal);
        Assert.Equal(3, fixture.Sink.Known(ResourceKind.Service).Count);
        Assert.Equal(3, (await fixture.Sink.ListedAsync(ResourceKind.Service)).Items.Length);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Deleted);
    }

    [Fact]
    public async Task Other_kinds_go_on()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Faults.Fail(ResourcePath.Secrets, 403, times: 1_000_000));
        await fixture.Sink.DisconnectedAsync(ResourceKind.Secret);
        await fixture.Sink.NextAsync<MemberEvent.Refused>("Refused(Secret)", static e => e.Kind == ResourceKind.Secret);
        fixture.Cluster.Apply(ClusterFixture.Service("a"));
        await fixture.EventuallyAsync(ResourceKind.Service, static known => known.Count == 1, "service a");
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Listed { Kind: ResourceKind.Secret });
        Assert.Single(fixture.Sink.Events, static e => e is MemberEvent.Refused);
    }

    [Fact]
    public async Task A_server_that_is_away_is_a_reason_and_comes_back()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(3)));
        await fixture.WatchingAsync();
        await fixture.Cluster.PauseAsync();
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        Assert.Equal(3, fixture.Sink.Known(ResourceKind.Service).Count);
        fixture.Cluster.Apply(ClusterFixture.Service("a"));
        await fixture.Cluster.ResumeAsync();
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        await fixture.EventuallyAsync(ResourceKind.Service, static known => known.Count == 4, "four services");
        Assert.Single(fixture.Sink.Events, static e => e is MemberEvent.Listed { Kind: ResourceKind.Service });
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        var time = new ManualTimeProvider();
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Faults.Fail(ResourcePath.Services, 429, times: 1, retryAfterSeconds: 7), time: time);
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);

        // Each kind that is watched has a timer of silence, and Services that of the wait.
        await time.WaitForTimersAsync(ResourcePath.Watched.Count, RecordingSink.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(7), time.UntilNextTimer);
        Assert.Single(fixture.Cluster.Requests, static request => request.Contains("/services?", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromSeconds(7));
        await fixture.Sink.ListedAsync(ResourceKind.Service);
    }

    [Fact]
    public async Task A_well_formed_empty_list_is_passed_on_for_the_consumer_to_judge()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(3)));
        await fixture.WatchingAsync();
        fixture.Cluster.Faults.EmptyList(ResourcePath.Services);
        fixture.Cluster.SendErrorEvent(ResourcePath.Services, 410);
        Assert.Empty((await fixture.Sink.ListedAsync(ResourceKind.Service)).Items);
    }

    private static bool IsNotFailure(MemberEvent memberEvent) => memberEvent is not MemberEvent.Disconnected { Kind: ResourceKind.Service };

    private static void Inject(FaultInjector faults, string fault, int times)
    {
        switch (fault)
        {
            case "html":
                faults.Html(ResourcePath.Services, times, FaultVerb.List);
                break;
            case "reset":
                faults.Reset(ResourcePath.Services, times, FaultVerb.List);
                break;
            case "truncate":
                faults.TruncateList(ResourcePath.Services, times);
                break;
            case "garbage":
                faults.GarbageList(ResourcePath.Services, times);
                break;
            default:
                faults.Fail(ResourcePath.Services, int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture), times, FaultVerb.List);
                break;
        }
    }
}
