using System.Net;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.HAProxyVersions;
using static MultiCluster.Controller.Tests.Proxies.Traffic.TrafficRig;

namespace MultiCluster.Controller.Tests.Proxies.Traffic;

/// <summary>What clients and pods see of how servers are used, through every real HAProxy of this machine, and that none takes a reload.</summary>
public sealed class BackendPolicyTests
{
    private const int Users = 60;

    public static TheoryData<HAProxyBinary, HashKey> Keys()
    {
        var rows = new TheoryData<HAProxyBinary, HashKey>();
        foreach (var binary in HAProxyBinaries.List)
        {
            rows.Add(binary, new HashKey(HashSource.Header, "x-user"));
            rows.Add(binary, new HashKey(HashSource.Cookie, "Sid"));
            rows.Add(binary, new HashKey(HashSource.Parameter, "id"));
            rows.Add(binary, new HashKey(HashSource.Uri));
            rows.Add(binary, new HashKey(HashSource.Path));
            rows.Add(binary, new HashKey(HashSource.Path, Depth: 2));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Equal_keys_meet_one_pod_and_others_are_spread(HAProxyBinary binary, HashKey key)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 6; i++)
            rig.AddPod("aws");
        rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.Hash, HashKey = key };
        await rig.ApplyAsync(null);
        var pods = new HashSet<string>(StringComparer.Ordinal);
        for (var user = 0; user < Users; user++)
        {
            var first = await GetAsync(rig, key, user, variant: 0);
            Assert.StartsWith("aws ", first, StringComparison.Ordinal);
            Assert.Equal(first, await GetAsync(rig, key, user, variant: 1));
            pods.Add(first);
        }

        Assert.InRange(pods.Count, 5, 6);
        if (key.Source is HashSource.Header or HashSource.Cookie or HashSource.Parameter)
        {
            // Nobody's key is any key.
            var without = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < 12; i++)
                without.Add(await TrafficRig.GetAsync(rig.Client, "/?idx=1&xid=2"));
            Assert.InRange(without.Count, 3, 6);
        }

        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task All_of_a_hosts_and_of_an_addresss_requests_meet_one_pod(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 4; i++)
            rig.AddPod("aws");
        foreach (var source in (HashSource[])[HashSource.Address, HashSource.Host])
        {
            rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(source) };
            await rig.ApplyAsync(null);
            var pods = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < 12; i++)
                pods.Add(await TrafficRig.GetAsync(rig.Client, $"/{i}"));
            Assert.Single(pods);
        }

        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Two_proxies_agree_whatever_the_order_and_after_a_restart_and_who_goes_moves_its_own_keys_only(HAProxyBinary binary)
    {
        var key = new HashKey(HashSource.Header, "x-user");
        await using var rig = await StartAsync(binary);
        await using var other = await StartAsync(binary);
        for (var i = 0; i < 6; i++)
            rig.AddPod("aws");
        other.Borrow(rig);
        other.Servers = rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.Hash, HashKey = key };
        await rig.ApplyAsync(null);
        var gone = other.Pods[0];
        other.Remove(gone);
        await other.ApplyAsync(null);
        var without = await UsersAsync(other, key);
        other.Add(gone);
        await other.ApplyAsync(null);

        var ours = await UsersAsync(rig, key);
        Assert.Equal(ours, await UsersAsync(other, key));
        Assert.All(ours.Zip(without), pair => Assert.True(pair.First == pair.Second || pair.First.EndsWith($" {gone.Endpoint.Port}", StringComparison.Ordinal)));

        await rig.UntilAppliedAsync();
        await rig.RestartHAProxyAsync();
        Assert.Equal(ours, await UsersAsync(rig, key));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task One_pod_is_filled_before_the_next(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 3; i++)
            rig.AddPod("aws");
        rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.First, MaxConnections = 2 };
        await rig.ApplyAsync(null);
        var first = await TrafficRig.GetAsync(rig.Client, "/");
        for (var i = 0; i < 5; i++)
            Assert.Equal(first, await TrafficRig.GetAsync(rig.Client, "/"));
        var held = rig.Hold(2);
        await UntilAsync(() => Task.FromResult(rig.Pods.Sum(HeldAt) == 2), "two requests are held");
        Assert.NotEqual(first, await TrafficRig.GetAsync(rig.Client, "/"));
        rig.Release();
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(first, answer));
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task All_pods_are_drawn_at_random(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 4; i++)
            rig.AddPod("aws");
        rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.Random };
        await rig.ApplyAsync(null);
        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 200; i++)
        {
            var by = await TrafficRig.GetAsync(rig.Client, "/");
            answers[by] = answers.GetValueOrDefault(by) + 1;
        }

        Assert.Equal(4, answers.Count);
        Assert.All(answers.Values, static count => Assert.InRange(count, 15, 110));
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Requests_above_the_limit_of_a_pod_wait(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        var pod = rig.AddPod("aws");
        rig.Servers = new BackendPolicy { MaxConnections = 1 };
        await rig.ApplyAsync(null);
        var held = rig.Hold(1);
        await UntilAsync(() => Task.FromResult(HeldAt(pod) == 1), "one request is held");
        // One that waits longer than time-outs let it is answered by HAProxy.
        Assert.Equal("503", await TrafficRig.GetAsync(rig.Client, "/next"));
        Assert.DoesNotContain(pod.Seen, static text => text.Contains("/next", StringComparison.Ordinal));
        var waiting = TrafficRig.GetAsync(rig.Client, "/waiting");
        rig.Release();
        Assert.StartsWith("aws", await waiting, StringComparison.Ordinal);
        await Task.WhenAll(held);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Pods_see_the_protocol_that_was_asked_for(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        var pod = rig.AddPod("aws");
        foreach (var (policy, beginning) in ((BackendPolicy, string)[])
                 [
                     (new BackendPolicy { ProxyHeader = ProxyHeader.Version1 }, "PROXY TCP4 127."),
                     (new BackendPolicy { ProxyHeader = ProxyHeader.Version2 }, "\r\n\r\n\0\r\nQUIT\n"),
                     (new BackendPolicy { ProxyHeader = ProxyHeader.Version2Tls }, "\r\n\r\n\0\r\nQUIT\n"),
                     (new BackendPolicy { ProxyHeader = ProxyHeader.Version2TlsName }, "\r\n\r\n\0\r\nQUIT\n"),
                     (new BackendPolicy { Protocol = BackendProtocol.Http2 }, "PRI * HTTP/2.0"),
                     (new BackendPolicy { MaxQueue = 3, MaxConnections = 7 }, "GET / "),
                 ])
        {
            pod.Seen.Clear();
            rig.Servers = policy;
            await rig.ApplyAsync(null);
            var answer = await TrafficRig.GetAsync(rig.Client, "/");
            Assert.True(pod.Seen.Any(text => text.StartsWith(beginning, StringComparison.Ordinal)), $"{policy}: {answer} after {string.Join(" and ", pod.Seen)}");
        }

        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_check_asks_for_a_path_and_who_answers_badly_gets_nothing(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        var well = rig.AddPod("aws");
        var sick = rig.AddPod("aws");
        sick.IsSick = true;
        rig.Servers = new BackendPolicy { CheckPath = "/up?deep=1&a=%20*~|", CheckInterval = TimeSpan.FromMilliseconds(100), CheckFall = 1, CheckRise = 1 };
        await rig.ApplyAsync(null);
        await UntilAsync(() => Task.FromResult(well.Seen.Any(static text => text.StartsWith("GET /up?deep=1&a=%20*~| HTTP/1.0\r\n", StringComparison.Ordinal))), "the path is asked for");
        await UntilAsync(() => AllComeFromAsync(rig, well), "the sick pod gets nothing");
        sick.IsSick = false;
        await UntilAsync(async () => !await AllComeFromAsync(rig, well), "it is well again");

        rig.Servers = rig.Servers with { Checks = false };
        await rig.ApplyAsync(null);
        await rig.UntilAppliedAsync();
        well.Seen.Clear();
        await rig.SendAsync(20);
        Assert.DoesNotContain(well.Seen, static text => text.Contains("/up", StringComparison.Ordinal));
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Groups_of_a_traffic_policy_use_their_servers_so_too(HAProxyBinary binary)
    {
        var key = new HashKey(HashSource.Header, "x-user");
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 4; i++)
            rig.AddPod("aws");
        rig.AddPod("gcp");
        rig.Servers = new BackendPolicy { Balance = BalanceAlgorithm.Hash, HashKey = key, ProxyHeader = ProxyHeader.Version1 };
        await rig.ApplyAsync(new TrafficPolicy { Clusters = [new ClusterTraffic(new MemberName("aws"), 1), new ClusterTraffic(new MemberName("gcp"), 0)] });
        var users = await UsersAsync(rig, key);
        Assert.Equal(users, await UsersAsync(rig, key));
        Assert.Equal(4, users.Distinct(StringComparer.Ordinal).Count());
        Assert.All(rig.Pods.Where(static pod => pod.Member == "aws"), static pod => Assert.Contains(pod.Seen, static text => text.StartsWith("PROXY TCP4 127.", StringComparison.Ordinal)));
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Another_policy_costs_no_request(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < 3; i++)
            rig.AddPod("aws");
        await rig.ApplyAsync(null);
        using var stop = new CancellationTokenSource();
        var client = Task.Run(async () =>
        {
            var answers = new HashSet<string>(StringComparer.Ordinal);
            while (!stop.IsCancellationRequested)
                answers.Add((await TrafficRig.GetAsync(rig.Client, "/")).Split(' ')[0]);
            return answers;
        });
        foreach (var policy in (BackendPolicy?[])
                 [
                     new() { Balance = BalanceAlgorithm.Hash }, new() { Balance = BalanceAlgorithm.Hash, MaxConnections = 5 }, new() { Checks = true },
                     new() { Balance = BalanceAlgorithm.First }, null, new() { CheckPath = "/up" }, new() { Balance = BalanceAlgorithm.Random, CheckPath = "/up" }, null,
                 ])
        {
            rig.Servers = policy;
            await rig.ApplyAsync(null);
        }

        await stop.CancelAsync();
        Assert.Equal(["aws"], await client);
        await AssertNoReloadAsync(rig);
    }

    private static int HeldAt(TrafficPod pod) => pod.Seen.Count(static text => text.Contains("/hold", StringComparison.Ordinal));

    private static async Task<bool> AllComeFromAsync(TrafficRig rig, TrafficPod pod)
    {
        for (var i = 0; i < 8; i++)
        {
            if (!(await TrafficRig.GetAsync(rig.Client, "/")).EndsWith($" {pod.Endpoint.Port}", StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static async Task<List<string>> UsersAsync(TrafficRig rig, HashKey key)
    {
        var pods = new List<string>();
        for (var user = 0; user < Users; user++)
            pods.Add(await GetAsync(rig, key, user, variant: 0));
        return pods;
    }

    /// <param name="variant">Of requests with one key.</param>
    private static async Task<string> GetAsync(TrafficRig rig, HashKey key, int user, int variant)
    {
        var path = key switch
        {
            { Source: HashSource.Parameter } => variant == 0 ? $"/?a=1&id={user}&xid=9" : $"/x?id={user}&id=3",
            { Source: HashSource.Uri } => $"/same?id={user}",
            { Source: HashSource.Path, Depth: 0 } => $"/{user}/page?v={variant}",
            { Source: HashSource.Path } => $"/app/{user}/{variant}",
            _ => $"/{variant}",
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = "shop.example";
        if (key.Source == HashSource.Header)
            request.Headers.Add(variant == 0 ? "X-User" : "x-user", $"{user}: x");
        if (key.Source == HashSource.Cookie)
            request.Headers.Add("Cookie", variant == 0 ? $"Sid={user}; xSid=9" : $"a=1; Sid={user}");
        if (variant == 1)
            request.Headers.Add("X-User-Agent-Of", "x-user: 9");
        using var response = await rig.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task AssertNoReloadAsync(TrafficRig rig)
    {
        var summary = await rig.SummaryAsync();
        Assert.Equal((0, 0L), (summary.ReloadsByReason.Count, summary.CommandsRefused));
    }
}
