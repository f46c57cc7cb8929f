using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Rotation;

/// <summary>A TLS server with three Services, and a member whose kubeconfig is a file that tests change.</summary>
internal sealed class RotationFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rotation-").FullName;
    private RunningSource? _running;

    private RotationFixture(FakeCluster cluster) => Cluster = cluster;

    public FakeCluster Cluster { get; }

    public RecordingSink Sink => _running!.Sink;

    public RotatingMember Member => (RotatingMember)_running!.Source;

    public string KubeConfigPath => PathOf("config");

    public static async Task<RotationFixture> StartAsync(FakeAuthentication authentication = FakeAuthentication.Token)
    {
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = authentication });
        cluster.Apply(ClusterFixture.Services(3));
        return new RotationFixture(cluster);
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Write(string text) => File.WriteAllText(KubeConfigPath, text);

    /// <param name="wait">Until Services are watched.</param>
    public async Task<RotationFixture> RunAsync(KubeConfigSource? source = null, bool wait = true)
    {
        var member = new RotatingMember(
            new MemberName("aws"), source ?? KubeConfigSource.File(KubeConfigPath), TimeProvider.System, NullLogger<RotatingMember>.Instance)
        {
            Reflectors = new ReflectorOptions { BackoffBase = TimeSpan.FromMilliseconds(5), BackoffCap = TimeSpan.FromMilliseconds(50) },
            Rotation = new RotationOptions { Poll = TimeSpan.FromMilliseconds(20), Retry = TimeSpan.FromMilliseconds(50) },
        };
        _running = new RunningSource(member);
        if (wait)
        {
            foreach (var kind in WatchedKinds.Always)
                await WhenAsync(() => Sink.Events.Any(e => e is MemberEvent.Connected connected && connected.Kind == kind), $"Connected({kind})");
        }

        return this;
    }

    /// <summary>Until a watch of Services has come that was opened after so many requests.</summary>
    public Task MovedAsync(int after) => WhenAsync(
        () => Cluster.Requests.Skip(after).Any(static r => r.Contains("services?watch=true&allowWatchBookmarks=true&resourceVersion=", StringComparison.Ordinal)),
        "a new watch of Services");

    public async Task ProblemAsync(string part) => await WhenAsync(
        () => Member.Problems.Any(problem => problem.Message.Contains(part, StringComparison.Ordinal)),
        $"a problem with \"{part}\"");

    public Task NoProblemAsync() => WhenAsync(() => Member.Problems.Count == 0, "the end of all problems");

    /// <summary>Everything still arrives, nothing was listed twice, nothing went.</summary>
    public async Task StillWatchingAsync(string name, int lists = 1)
    {
        Cluster.Apply(ClusterFixture.Service(name));
        await Sink.UpsertedAsync<ServiceResource>(name);
        Assert.Equal(lists, Sink.Events.Count(static e => e is MemberEvent.Listed { Kind: ResourceKind.Service }));
        Assert.DoesNotContain(Sink.Events, static e => e is MemberEvent.Deleted);
        Assert.DoesNotContain(Sink.Events, static e => e is MemberEvent.Listed { Kind: ResourceKind.Service, Items.Length: < 3 });
    }

    public async Task WhenAsync(Func<bool> fits, string what)
    {
        using var deadline = new CancellationTokenSource(RecordingSink.Deadline);
        while (!fits())
        {
            Assert.False(
                deadline.IsCancellationRequested,
                $"{what} did not come; problems: {string.Join("; ", Member.Problems)}; requests: {string.Join("; ", Cluster.Requests.TakeLast(20))}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
