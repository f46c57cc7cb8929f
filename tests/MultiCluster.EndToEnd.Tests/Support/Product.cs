using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.Host;
using MultiCluster.Host.Configuration;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>The product in this process, from its configuration file on, with a real HAProxy on addresses of its own.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly Setting _setting;
    private readonly IRuntimeTranscript? _transcript;
    private ControllerHost? _host;

    private Product(Setting setting, IRuntimeTranscript? transcript)
    {
        _setting = setting;
        _transcript = transcript;
        Client = new ProxyClient(setting.Http, setting.Https);
    }

    public ProxyClient Client { get; }

    public Setting Setting => _setting;

    public AdminQueries Admin { get; private set; } = null!;

    public MemberQueries Members => new(_host!.Controller);

    /// <summary>How much of a kind its entity remembers there to be in a member.</summary>
    public async Task<long> RememberedAsync(string member, ResourceKind kind)
    {
        var tree = await _host!.Controller.TreeAsync(Await.Deadline, CancellationToken.None);
        var question = new ShardingProtocol.ToEntity(EntityKeys.Of(EntityId.Member(new MemberName(member))), new MemberProtocol.GetTraits());
        var traits = await tree.Core.Node.Region.AskAsync<MemberProtocol.Traits>(question, Await.Deadline, CancellationToken.None);
        return traits.Footprint.Where(count => count.Kind == kind).Sum(static count => count.Count);
    }

    public static async Task<Product> StartAsync(Setting setting, IRuntimeTranscript? transcript = null, bool untilServing = true)
    {
        var product = new Product(setting, transcript);
        try
        {
            await product.StartControllerAsync(untilServing);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>The controller, without its HAProxy when that runs already; returns when it programs it.</summary>
    public async Task StartControllerAsync(bool untilServing = true)
    {
        var file = _setting.WriteConfiguration();
        var (host, error) = await ControllerHost.StartAsync(
            Load(probe: null), TimeProvider.System, _transcript, CancellationToken.None, () => Load(static _ => null));
        Assert.True(host is not null, error);
        _host = host;
        Admin = new AdminQueries(host.Controller);
        if (!untilServing)
            return;
        await Await.NothingMissingAsync(async () =>
            await ProxyAsync() is { State: not "Serving" } view ? $"a proxy that serves; it is {view.State}: {view.StateReason}" : null);

        HostOptions Load(Func<MemberOptions, string?>? probe) => HostConfiguration.Load(file, static _ => null, probe);
    }

    /// <summary>Leaves HAProxy alone.</summary>
    public async Task StopControllerAsync()
    {
        if (_host is { } host)
            await host.DisposeAsync();
        _host = null;
    }

    public async Task<ProxyView> ProxyAsync() => (await Admin.ProxiesAsync(CancellationToken.None))[0];

    public async Task<IngressView?> IngressAsync(string ns, string name) =>
        await Admin.IngressAsync(new Model.Identity.ObjectKey(ns, name), CancellationToken.None);

    /// <summary>Asks until the answer is right.</summary>
    public async Task<Answer> UntilAsync(string url, Func<Answer, bool> right, string what)
    {
        Answer? answer = null;
        await Await.NothingMissingAsync(async () =>
        {
            answer = await Client.GetAsync(url);
            return right(answer) ? null : $"{url} -> {what}; the answer is {answer}";
        });
        return answer!;
    }

    public Task<Answer> UntilServiceAsync(string url, string service) =>
        UntilAsync(url, answer => answer.Service == service, service);

    public Task<Answer> UntilStatusAsync(string url, int status) =>
        UntilAsync(url, answer => (int)answer.Status == status, status.ToString(CultureInfo.InvariantCulture));

    /// <summary>Until HAProxy sends to these pods and no others; then each of them, and nobody else, answers a sample.</summary>
    /// <param name="by">Addresses that HAProxy reaches them by; none for their own.</param>
    /// <returns>The sample.</returns>
    public async Task<IReadOnlyCollection<EchoAnswer>> UntilPodsAsync(string url, IReadOnlyCollection<Pod> pods, params IReadOnlyCollection<IPAddress> by)
    {
        var addresses = (by.Count > 0 ? by : pods.Select(static pod => pod.Address)).Select(static address => $"{address}").ToHashSet(StringComparer.Ordinal);
        var least = await ShareState.UntilServersAsync(_setting, url, addresses);
        var seen = new ConcurrentQueue<EchoAnswer>();
        await Shares.AssertMembersAsync(AskAsync, url, least, [.. pods.Select(static pod => pod.Name)]);
        return seen;

        async Task<string> AskAsync()
        {
            var answer = await Client.GetAsync(url);
            if (answer.Echo is not { } echo)
                return $"{answer}";
            seen.Enqueue(echo);
            return echo.Pod;
        }
    }

    /// <summary>Until HAProxy could start from disk with all that is known now.</summary>
    public Task UntilStartFileAsync() => Await.NothingMissingAsync(async () =>
        await ProxyAsync() is var view && view.StartFileVersion == view.DesiredVersion && view.AppliedVersion == view.DesiredVersion
            ? null
            : $"a start file with all in it; version {view.DesiredVersion} is wanted, {view.AppliedVersion} applied, {view.StartFileVersion} on disk");

    /// <summary>The condition of a type on the copy in a member, once its reason is as wanted.</summary>
    public async Task<ConditionView> UntilConditionAsync(string ns, string ingress, string member, string type, string reason)
    {
        ConditionView? found = null;
        await Await.NothingMissingAsync(async () =>
        {
            var conditions = (await IngressAsync(ns, ingress))?.Conditions ?? [];
            found = conditions.FirstOrDefault(item => item.Member == member && item.Type == type && item.Reason == reason);
            return found is null ? $"condition {type} with {reason} on {ns}/{ingress} of {member}; there are {string.Join(", ", conditions)}" : null;
        });
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopControllerAsync();
        await _setting.StopHAProxyAsync();
    }
}

/// <summary>What a product is started with: its folder, addresses and members.</summary>
internal sealed record Setting(HAProxyBinary Binary, IReadOnlyList<IMemberDriver> Members)
{
    /// <summary>Short, since it holds unix sockets. Made only when none is given.</summary>
    public string Folder
    {
        get => field ??= Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        init;
    }

    public IPEndPoint Http { get; init; } = NewEndpoint();

    public IPEndPoint Https { get; } = NewEndpoint();

    public IPEndPoint AdminListen { get; } = NewEndpoint();

    public int PoolSize { get; init; } = 128;

    public TimeSpan MemberTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pods of tests are on loopback.</summary>
    public bool AllowLoopback { get; init; } = true;

    /// <summary>Lines at the end of the configuration file.</summary>
    public string More { get; set; } = "";

    public string StateDirectory => Path.Combine(Folder, "s");

    /// <summary>SQLite's.</summary>
    public string Database => Path.Combine(StateDirectory, "controller", "multicluster.db");

    /// <summary>Written to the status of Ingresses.</summary>
    public const string StatusAddress = "192.0.2.80";

    public string WriteConfiguration()
    {
        var path = Path.Combine(Folder, "multicluster.conf");
        File.WriteAllText(path, $$"""
            members {
              {{string.Join("\n  ", Members.Select(static member => member.Configuration))}}
            }
            haproxy {
              binary = "{{Binary.Path}}"
              state-directory = "{{StateDirectory}}"
              listen { http = ["{{Http}}"], https = ["{{Https}}"] }
              threads = 1
              max-connections = 500
              pool-size = {{PoolSize}}
              settings.https-redirect-with-tls = false
            }
            endpoints.allow-loopback = {{(AllowLoopback ? "true" : "false")}}
            startup.member-timeout = {{(int)MemberTimeout.TotalSeconds}}s
            status.addresses = ["{{StatusAddress}}"]
            cluster.node = local
            admin.listen = "{{AdminListen}}"
            log.level = warn
            {{More}}
            """);
        return path;
    }

    /// <summary>By the process id that the product left for operators. A second call does nothing.</summary>
    public async Task StopHAProxyAsync()
    {
        if (!Directory.Exists(Folder))
            return;
        await HAProxyFiles.StopAsync(StateDirectory);
        foreach (var member in Members)
            await member.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Null when none was started, or it is gone.</summary>
    public Task<ProcessIdentity?> MasterAsync() => HAProxyFiles.MasterAsync(StateDirectory);

    private static IPEndPoint NewEndpoint()
    {
        var address = Loopback.NewAddress();
        return new IPEndPoint(address, Loopback.FreePort(address));
    }
}
