using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>
/// XT-42 and XT-43 (P2): whatever an API server answers instead of what it has, no server goes. What the client makes of each answer is
/// tested there, page by page; a TLS error is among the bad credentials of XT-49.
/// </summary>
public sealed class FaultyApiTests(StabilityWorld stability) : StabilityTest(stability), IClassFixture<StabilityWorld>
{
    private const int Always = int.MaxValue;

    /// <summary>A list may take its time: nothing is wrong yet, and there is nothing to tell.</summary>
    private const string Never = "a list that never comes";

    private static readonly Dictionary<string, Action<FaultInjector>> Faults = new(StringComparer.Ordinal)
    {
        ["401"] = static faults => faults.Fail(null, 401, Always, FaultVerb.Read),
        ["403"] = static faults => faults.Fail(null, 403, Always, FaultVerb.Read),
        ["404 as if the kind were not there"] = static faults => faults.Fail(null, 404, Always, FaultVerb.Read),
        ["410"] = static faults => faults.Fail(null, 410, Always, FaultVerb.Read),
        ["429"] = static faults => faults.Fail(null, 429, Always, FaultVerb.Read, retryAfterSeconds: 1),
        ["500"] = static faults => faults.Fail(null, 500, Always, FaultVerb.Read),
        ["503"] = static faults => faults.Fail(null, 503, Always, FaultVerb.Read),
        ["a web page"] = static faults => faults.Html(null, Always, FaultVerb.Read),
        ["resets"] = static faults => faults.Reset(null, Always, FaultVerb.Read),
        ["half a list, then a cut"] = static faults => faults.TruncateList(null, Always),
        ["half a list as if it were all"] = static faults => faults.GarbageList(null, Always),
        [Never] = static faults => faults.Stall(null, Always, FaultVerb.List),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task XT_42_43_an_answer_that_is_no_list_removes_nothing(string fault)
    {
        await AddShopAsync("xt42");
        await using var same = await SameServers.WatchAsync(World);
        await using var load = Load.Start(World.Product.Setting, "http://xt42.test/", "web", clients: 1);
        Faults[fault](Gcp.Cluster.Faults);
        var before = Gcp.Cluster.Requests.Count;
        BreakWatches();

        await Await.TrueAsync(() => Gcp.Cluster.Requests.Count >= before + ResourcePath.Watched.Count, "attempts to read everything anew");
        if (fault != Never)
            await World.Product.UntilMemberAsync("gcp", static view => view.Stale, "stale");
        await load.MoreAsync(100);
        await World.UntilMembersAsync("http://xt42.test/", "aws", "gcp");
        await same.AssertSameAsync();

        Gcp.Cluster.Faults.Clear();
        // What was never answered is given up by time-outs of minutes otherwise.
        await Gcp.Cluster.PauseAsync();
        await Gcp.Cluster.ResumeAsync();
        await UntilFollowedAsync("xt42", Gcp);
        await World.Product.UntilMemberAsync("gcp", static view => !view.Stale, "fresh");
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task XT_42_a_half_open_connection_removes_nothing_and_its_end_is_followed()
    {
        await AddShopAsync("xt42h");
        await using var same = await SameServers.WatchAsync(World);
        foreach (var kind in ResourcePath.Watched)
            Gcp.Cluster.StallWatches(kind);
        await World.UntilMembersAsync("http://xt42h.test/", "aws", "gcp");
        await same.AssertSameAsync();

        // By the kernel here; by a time-out of minutes where nobody says anything, which the client's own tests have.
        await Gcp.Cluster.PauseAsync();
        await Gcp.Cluster.ResumeAsync();
        await UntilFollowedAsync("xt42h", Gcp);
    }

    private void BreakWatches()
    {
        // Without history a watch can't go on: each kind has to be listed.
        Gcp.Cluster.Compact();
        foreach (var kind in ResourcePath.Watched)
            Gcp.Cluster.ResetWatches(kind);
    }
}
