using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Discovery;

/// <summary>A home cluster, and the members that discovery knows after each event.</summary>
internal sealed class DiscoveryFixture : IDiscoverySink, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<DiscoveryEvent> _events = [];
    private readonly SortedDictionary<string, MemberDefinition> _members = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private IReadOnlyList<DiscoveryProblem> _problems = [];

    private DiscoveryFixture(FakeCluster home) => Home = home;

    public FakeCluster Home { get; }

    public MemberDiscovery Discovery { get; private set; } = null!;

    public IReadOnlyList<DiscoveryEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public IReadOnlyList<DiscoveryProblem> Problems => _problems;

    public IReadOnlyDictionary<string, MemberDefinition> Members
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, MemberDefinition>(_members, StringComparer.Ordinal);
        }
    }

    public string Names => string.Join(' ', Members.Keys.Order(StringComparer.Ordinal));

    public static async Task<DiscoveryFixture> StartAsync(
        Action<FakeCluster>? prepare = null, DiscoveryOptions? options = null, FakeClusterOptions? cluster = null, Func<FakeCluster, KubeConfigSource>? home = null)
    {
        var fixture = new DiscoveryFixture(await FakeCluster.StartAsync(cluster));
        prepare?.Invoke(fixture.Home);
        options ??= new DiscoveryOptions();
        options = options with
        {
            Reflectors = new ReflectorOptions
            {
                BackoffBase = TimeSpan.FromMilliseconds(5), BackoffCap = TimeSpan.FromMilliseconds(50), MissingTypeRetry = TimeSpan.FromMilliseconds(50),
            },
        };
        fixture.Discovery = new MemberDiscovery(home?.Invoke(fixture.Home) ?? KubeConfigSource.File(fixture.Home.KubeConfigPath), options, TimeProvider.System, NullLogger<MemberDiscovery>.Instance);
        fixture._run = fixture.Discovery.RunAsync(fixture, fixture._stop.Token);
        await fixture.WhenAsync(() => fixture.Events.Any(static e => e is DiscoveryEvent.Settled), "Settled");
        return fixture;
    }

    public ValueTask OnEventAsync(DiscoveryEvent discoveryEvent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _events.Add(discoveryEvent);
            switch (discoveryEvent)
            {
                case DiscoveryEvent.Added added:
                    _members.Add(added.Member.Name.Value, added.Member);
                    break;
                case DiscoveryEvent.Changed changed:
                    Assert.Equal(_members[changed.Member.Name.Value], changed.Before);
                    _members[changed.Member.Name.Value] = changed.Member;
                    break;
                case DiscoveryEvent.Removed removed:
                    Assert.True(_members.Remove(removed.Name.Value));
                    break;
                case DiscoveryEvent.Problems problems:
                    _problems = [.. problems.Items];
                    break;
            }
        }

        return ValueTask.CompletedTask;
    }

    public Task MembersAsync(string names) => WhenAsync(() => Names == names, $"the members \"{names}\"");

    public Task ProblemAsync(string subject, string part) => WhenAsync(
        () => Problems.Any(p => p.Subject == subject && p.Message.Contains(part, StringComparison.Ordinal)), $"a problem of {subject} with \"{part}\"");

    public Task NoProblemAsync() => WhenAsync(() => Problems.Count == 0, "the end of all problems");

    public async Task WhenAsync(Func<bool> fits, string what)
    {
        using var deadline = new CancellationTokenSource(RecordingSink.Deadline);
        while (!fits())
        {
            Assert.False(deadline.IsCancellationRequested, $"{what} did not come; members: {Names}; problems: {string.Join("; ", Problems)}");
            Assert.False(_run.IsFaulted, _run.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public static string KubeConfig(string server, string user = "{token: very-secret}") => $$$"""
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "{{{server}}}" }}]
        users: [{name: u, user: {{{user}}} }]
        """;

    /// <param name="data">Key and text.</param>
    public static string Secret(string name, string? label, string created, params (string Key, string Text)[] data) => Secret("clusters", name, label, created, data);

    public static string Secret(string space, string name, string? label, string created, params (string Key, string Text)[] data)
    {
        var labels = label is null ? "{}" : $"{{{label.Split('=')[0]}: \"{label.Split('=')[^1]}\"}}";
        var entries = string.Join(", ", data.Select(static entry => $"{entry.Key}: {Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Text))}"));
        return $"""
            apiVersion: v1
            kind: Secret
            metadata: {"{"}name: {name}, namespace: {space}, creationTimestamp: "{created}", labels: {labels}{"}"}
            data: {"{"}{entries}{"}"}
            """;
    }

    public static string Labelled(string name, string? server = null, string created = "2026-01-01T00:00:00Z") =>
        Secret(name, DiscoveryOptions.SecretLabel + "=x", created, ("kubeconfig", KubeConfig(server ?? $"https://{name}.example")));

    public static string Cluster(string name, string secret, string more = "", string created = "2026-01-01T00:00:00Z") => $$$"""
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: MemberCluster
        metadata: {name: {{{name}}}, creationTimestamp: "{{{created}}}", labels: {topology.kubernetes.io/region: eu}}
        spec: {kubeconfigSecretRef: {namespace: clusters, name: {{{secret}}} }{{{more}}} }
        """;

    public static ObjectKey KeyOf(string secret) => new("clusters", secret);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(RecordingSink.Deadline));
        await Home.DisposeAsync();
        _stop.Dispose();
    }
}
