using System.Collections.Concurrent;
using System.Net;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A request to a route that changes.</summary>
/// <param name="Wanted">Statuses that it has while the route has its policy.</param>
internal sealed record ChangeTarget(string Name, IReadOnlyCollection<int> Wanted, Func<ProxyClient> NewClient, Func<ProxyClient, Task<Answer>> AskAsync)
{
    /// <summary>Answers while it has none, as they were seen.</summary>
    public ConcurrentDictionary<string, bool> Plain { get; } = new(StringComparer.Ordinal);

    public bool IsGood(string answer) => Wanted.Any(status => $"{status}" == answer) || Plain.ContainsKey(answer);

    public override string ToString() => Name;
}

/// <summary>
/// Requests, a few under way at a time, to routes while they change and to one that stays. What is answered is what the route says before the
/// change or what it says after it, and the one that stays says nothing but 200.
/// </summary>
internal sealed class ChangeLoad : IAsyncDisposable
{
    private const int Clients = 4;
    private const string Namespace = "changing";
    private const string Host = "changing.policies.test";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly FederatedWorld _world;
    private readonly FederatedMember _member;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(ChangeTarget Target, string Answer), int> _answers = new();
    private readonly ChangeTarget _stays;
    private readonly List<Task> _runs = [];
    private Asked _asked;
    private int _step;

    private ChangeLoad(FederatedWorld world, FederatedMember member)
    {
        (_world, _member) = (world, member);
        _stays = new ChangeTarget("the route that stays", [200], () => new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https), static client => client.GetAsync($"http://{Host}/"));
        _asked = new Asked([_stays]);
    }

    public int Answers => _answers.Values.Sum();

    public static async Task<ChangeLoad> StartAsync(FederatedWorld world, FederatedMember member)
    {
        var load = new ChangeLoad(world, member);
        await member.ApplyAsync(Yaml.Join(
            Yaml.Service(Namespace, "app"), Yaml.Slice(Namespace, "app", world.Pods.Port, world.Pods.New(1, member.Name, Namespace, "app")), load.Ingress()));
        await world.Product.UntilServiceAsync($"http://{Host}/", "app");
        for (var i = 0; i < Clients; i++)
            load._runs.Add(Task.Run(load.RunAsync));
        return load;
    }

    /// <summary>From now on these are asked, and nothing else but the route that stays.</summary>
    public async Task WatchAsync(IEnumerable<ChangeTarget> targets)
    {
        Volatile.Write(ref _asked, new Asked([.. targets.SelectMany(target => new[] { target, _stays })]));
        await RoundAsync();
    }

    /// <summary>Until all have been asked once more.</summary>
    public Task RoundAsync()
    {
        var asked = Volatile.Read(ref _asked);
        var goal = Volatile.Read(ref asked.Begun) + asked.Targets.Count + Clients;
        return Await.TrueAsync(() => Volatile.Read(ref asked.Done) >= goal, $"{goal} requests of the load");
    }

    /// <summary>Until HAProxy holds all that Ingresses have become: one of them gets a path that it did not have, and then nothing differs any more.</summary>
    public async Task StepAsync()
    {
        _step++;
        await _member.ApplyAsync(Ingress());
        await _world.Product.UntilServiceAsync($"http://{Host}/step-{_step}", "app");
        await Await.NothingMissingAsync(async () => await _world.Product.ProxyAsync() is var view && view.AppliedVersion != view.DesiredVersion
            ? $"version {view.DesiredVersion} in HAProxy, which has {view.AppliedVersion}"
            : await ShareState.UnheldAsync(_world.Product.Setting.AdminListen, view.Name));
    }

    /// <summary>What is answered now is what routes say without their policies.</summary>
    public async Task LookAtPlainAsync()
    {
        await LookAsync();
        await RoundAsync();
        // What has no order, such as Services, may come a little later.
        await LookAsync();
    }

    private async Task LookAsync()
    {
        foreach (var target in Volatile.Read(ref _asked).Targets.Where(target => target != _stays))
        {
            using var client = target.NewClient();
            target.Plain[await AnswerAsync(target, client)] = true;
        }
    }

    /// <summary>Ends the load and fails the test if any answer was another one.</summary>
    public async Task AssertNoneFailedAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        var wrong = _answers.Where(static item => !item.Key.Target.IsGood(item.Key.Answer))
            .Select(static item => $"{item.Key.Target}: {item.Value} times {item.Key.Answer}, which is neither {string.Join(" or ", item.Key.Target.Wanted)} nor {string.Join(" or ", item.Key.Target.Plain.Keys)}")
            .Concat(_answers.Keys.Select(static item => item.Target).Distinct().SelectMany(static target => target.Plain.Keys.Where(static answer => answer is ['5', _, _] || !char.IsAsciiDigit(answer[0])).Select(answer => $"{target}: without its policy {answer}")))
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        _stop.Dispose();
    }

    private string Ingress() => Yaml.Ingress(Namespace, "app", Host, [Yaml.Path("/", "Prefix", "app"), Yaml.Path($"/step-{_step}", "Exact", "app")]);

    private async Task RunAsync()
    {
        var clients = new Dictionary<ChangeTarget, ProxyClient>();
        var asked = Volatile.Read(ref _asked);
        while (!_stop.IsCancellationRequested)
        {
            if (Volatile.Read(ref _asked) is var now && now != asked)
            {
                Close();
                asked = now;
            }

            var target = asked.Targets[(Interlocked.Increment(ref asked.Begun) - 1) % asked.Targets.Count];
            if (!clients.TryGetValue(target, out var client))
                clients[target] = client = target.NewClient();
            _answers.AddOrUpdate((target, await AnswerAsync(target, client)), 1, static (_, count) => count + 1);
            Interlocked.Increment(ref asked.Done);
            await Task.Delay(Pause, TimeProvider.System);
        }

        Close();

        void Close()
        {
            foreach (var client in clients.Values)
                client.Dispose();
            clients.Clear();
        }
    }

    private static async Task<string> AnswerAsync(ChangeTarget target, ProxyClient client)
    {
        try
        {
            return $"{(int)(await target.AskAsync(client)).Status}";
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return failure.InnerException?.Message ?? failure.Message;
        }
    }

    private sealed class Asked(IReadOnlyList<ChangeTarget> targets)
    {
        public int Begun;
        public int Done;

        public IReadOnlyList<ChangeTarget> Targets => targets;
    }
}
