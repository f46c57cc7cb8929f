using System.Globalization;
using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What annotations about servers do, through the product and every HAProxy at hand.</summary>
[Collection(ServerDefinition.Name)]
public sealed class ServerTests(ServerWorlds worlds)
{
    private const int Users = 12;
    private const string Nobody = "nobody";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<HAProxyBinary, ServerEffect> Effects
    {
        get
        {
            var data = new TheoryData<HAProxyBinary, ServerEffect>();
            foreach (var binary in HAProxyBinaries.List)
            {
                foreach (var effect in Enum.GetValues<ServerEffect>())
                    data.Add(binary, effect);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Effects))]
    public async Task Servers_are_used_as_annotations_say(HAProxyBinary binary, ServerEffect effect)
    {
        var (world, listening) = await worlds.GetAsync(binary);
        var failed = new List<string>();
        for (var i = 0; i < ServerCase.All.Count; i++)
        {
            var item = ServerCase.All[i];
            if (item.Effect == effect && await WrongAsync(world, listening[i], item, i) is { } wrong)
                failed.Add($"{item}: {wrong}");
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        await world.AssertUndisturbedAsync();
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Authorities_of_pods_change_without_a_reload(HAProxyBinary binary)
    {
        var (world, _) = await worlds.GetAsync(binary);
        var number = Enumerable.Range(0, ServerCase.All.Count).First(static i => ServerCase.All[i].Annotations.Any(static one => one.Name.EndsWith("/secure-verify-ca-secret", StringComparison.Ordinal) && one.Value == "pods"));
        await worlds.Tls.RotateAsync(world, ServerWorlds.Member, ServerWorlds.Namespace(number), $"http://{ServerWorlds.Host(number)}");
        await world.AssertUndisturbedAsync();
    }

    private static async Task<string?> WrongAsync(FederatedWorld world, ListeningPod pod, ServerCase item, int number)
    {
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
        var url = $"http://{ServerWorlds.Host(number)}";
        switch (item.Effect)
        {
            case ServerEffect.SamePodForKey:
                return await WrongKeysAsync(client, url, item.Detail);
            case ServerEffect.OnePod:
                var one = await SequenceAsync(client, url, Users);
                return one.Distinct().Count() == 1 && one[0] != Nobody ? null : $"{string.Join(' ', one)} answer";
            case ServerEffect.NoOrder:
                var many = await SequenceAsync(client, url, 40);
                return many.Distinct().Count() > 1 && Enumerable.Range(4, 36).Any(i => many[i] != many[i - 4]) ? null : $"{string.Join(' ', many)} answer";
            case ServerEffect.IdlePod:
                return await WrongPodsAsync(world, client, url);
            case ServerEffect.OneAtATime:
                await using (await HeldAsync(world, url, 1))
                    return (await client.GetAsync(url + "/next")).Status is HttpStatusCode.ServiceUnavailable ? null : "the second does not wait";
            case ServerEffect.Session or ServerEffect.YieldingSession:
                return await SessionAsk.WrongAsync(client, ServerWorlds.Host(number), item);
            case ServerEffect.Tls:
                return await PodTls.WrongAsync(client, url, item);
            case ServerEffect.Protocol:
                var answer = await client.GetAsync(url + "/");
                return answer.Body == item.Detail ? null : $"the pod says {answer}, not {item.Detail}";
            case ServerEffect.Beginning:
                await client.GetAsync(url + "/");
                return pod.Heard.Any(text => text.StartsWith(item.Detail, StringComparison.Ordinal)) ? null : $"the pod heard {string.Join(" and ", pod.Heard)}";
            case ServerEffect.Checked:
                await Await.NothingMissingAsync(async () => await StatisticAsync("check_status") is "L4OK" ? null : $"a check for {item}", Limit);
                return null;
            case ServerEffect.Checks:
                var checks = int.Parse(item.Detail, CultureInfo.InvariantCulture);
                await Await.NothingMissingAsync(() => Task.FromResult(pod.Heard.Count(static text => text.StartsWith("GET /up ", StringComparison.Ordinal)) >= checks ? null : $"{checks} checks for {item}"), Limit);
                return null;
            case ServerEffect.Agent:
                return await WrongAgentAsync(item.Detail);
            case ServerEffect.DownPod:
                await Await.TrueAsync(async () => (await client.GetAsync(url + "/")).Status is HttpStatusCode.ServiceUnavailable, $"503 for {item}");
                return null;
            case ServerEffect.SickPod:
                await Await.TrueAsync(() => pod.Heard.Any(text => text.StartsWith(item.Detail, StringComparison.Ordinal)), $"{item.Detail} for {item}");
                await Await.TrueAsync(async () => (await client.GetAsync(url + "/")).Status is HttpStatusCode.ServiceUnavailable, $"503 for {item}");
                return null;
            default:
                var (name, value) = (item.Detail.Split('=')[0], item.Detail.Split('=')[1]);
                var found = await StatisticAsync(name);
                return found == value ? null : $"{name} is {found ?? "not there"}, not {value}";
        }

        async Task<string?> WrongAgentAsync(string sent)
        {
            foreach (var (word, status, weight) in new[] { ("drain", 503, "100"), ("ready", 200, "100"), ("50%", 200, "50"), ("maint", 503, "50"), ("ready 100%", 200, "100"), ("down", 503, "100"), ("up", 200, "100") })
            {
                pod.Agent.Word = word;
                await Await.NothingMissingAsync(async () =>
                {
                    var (answer, found) = ((int)(await client.GetAsync(url + "/")).Status, await StatisticAsync("weight"));
                    return answer == status && found == weight ? null : $"{status} and weight {weight} after {word}; it is {answer} and {found}";
                }, Limit);
                if (await world.Product.McctlAsync("proxy", "diff", "local") is { Code: not 0 } diff)
                    return $"{diff.Output} is to be undone after {word}";
            }

            return pod.Agent.Heard == sent ? null : $"the agent heard {pod.Agent.Heard}";
        }

        Task<string?> StatisticAsync(string field) => HAProxyFiles.StatisticAsync(world.Product.Setting.StateDirectory, $"{pod.Address}:{pod.Port}", field);
    }

    private static async Task<string?> WrongKeysAsync(ProxyClient client, string url, string key)
    {
        var pods = new HashSet<string>(StringComparer.Ordinal);
        for (var user = 0; user < Users; user++)
        {
            var (first, second) = (await AskAsync(user, "a"), await AskAsync(user, "b"));
            var third = await AskAsync(user, "c");
            if (first != second || first != third)
                return $"{first}, {second} and {third} answer requests with one key";
            pods.Add(first);
        }

        return pods.Count > 1 ? null : "all keys meet one pod";

        async Task<string> AskAsync(int user, string variant)
        {
            var path = key switch
            {
                "parameter" => $"/{variant}?x={variant}&id={user}",
                "uri" => $"/same?user={user}",
                "path" => $"/{user}?{variant}",
                "element" => $"/{user}/{variant}",
                _ => $"/{variant}",
            };
            var answer = await client.SendAsync(HttpMethod.Get, url + path, headers =>
            {
                if (key == "header")
                    headers.Add("X-User", $"u{user}");
                if (key == "cookie")
                    headers.Add("Cookie", $"v={variant}; sid=u{user}");
            });
            return answer.Echo?.Pod ?? $"{answer}";
        }
    }

    private static async Task<string?> WrongPodsAsync(FederatedWorld world, ProxyClient client, string url)
    {
        // Three of four pods are busy, so that all others go to the fourth.
        await using (await HeldAsync(world, url, 3))
        {
            var pods = await SequenceAsync(client, url, Users);
            return pods.Distinct().Count() == 1 ? null : $"{string.Join(' ', pods)} answer while three of four are busy";
        }
    }

    private static async Task<List<string>> SequenceAsync(ProxyClient client, string url, int count)
    {
        var pods = new List<string>();
        for (var i = 0; i < count; i++)
            pods.Add(await client.GetAsync($"{url}/{i}") is { Echo: { } echo } ? echo.Pod : Nobody);
        return pods;
    }

    /// <summary>Requests are under way at pods until they are let go.</summary>
    private static async Task<Held> HeldAsync(FederatedWorld world, string url, int count)
    {
        var held = new Held(world);
        await held.BeginAsync(url, count);
        return held;
    }

    private sealed class Held(FederatedWorld world) : IAsyncDisposable
    {
        private readonly List<ProxyClient> _clients = [];
        private readonly List<Task> _requests = [];

        public async Task BeginAsync(string url, int count)
        {
            using var arrivals = Arrivals.Watch(world.Pods);
            for (var i = 0; i < count; i++)
            {
                var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
                _clients.Add(client);
                _requests.Add(client.SendAsync(HttpMethod.Get, $"{url}/held", static headers => headers.Add(EchoPods.DelayHeader, "20000")));
                await Await.TrueAsync(() => arrivals.Seen.Count(static arrival => arrival.Target == "/held") == _requests.Count, $"request {_requests.Count} that is held");
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients)
                client.Dispose();
            foreach (var request in _requests)
                await Assert.ThrowsAnyAsync<Exception>(() => request);
        }
    }
}
