using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A product with members behind API servers, short times, and pods of all kinds; each test has a namespace and a host of its own.</summary>
internal sealed class FederatedWorld : IAsyncDisposable
{
    /// <summary>Short, since tests wait for them. Where they pass, deadlines are generous.</summary>
    public const string Times = """
        federation { stale-after = 1s, fresh-after = 500ms, removal-grace = 2s }
        haproxy.health-checks { interval = 500ms, fall = 2, rise = 2 }
        proxy { region = eu-west-1, zone = eu-west-1a }
        """;

    private readonly List<PodGate> _gates = [];
    private ProxyView _before = null!;
    private FederatedMember? _found;

    private FederatedWorld(Product product, EchoPods pods, IReadOnlyList<FederatedMember> members)
    {
        (Product, Pods, Members) = (product, pods, members);
    }

    public Product Product { get; }

    public EchoPods Pods { get; }

    public IReadOnlyList<FederatedMember> Members { get; }

    public FederatedMember this[string member] => Members.Single(item => item.Name == member);

    /// <param name="more">Lines of the configuration beside <see cref="Times"/>.</param>
    /// <param name="found">A member that the configuration does not name.</param>
    /// <param name="isWhole">All members can be read; otherwise the product serves what it has, and waits.</param>
    public static async Task<FederatedWorld> StartAsync(
        HAProxyBinary binary, IReadOnlyList<FederatedMember> members, string more = "", int pods = 100, FederatedMember? found = null, bool isWhole = true)
    {
        var setting = new Setting(binary, members)
        {
            PoolSize = 256,
            More = $"{Times}\n{more}\n",
            AllowLoopback = PodAddresses.AreLoopback,
            MemberTimeout = TimeSpan.FromSeconds(5),
        };
        var product = await Product.StartAsync(setting, untilServing: isWhole);
        await product.UntilReadyAsync();
        var world = new FederatedWorld(product, await EchoPods.StartAsync(pods), found is null ? members : [.. members, found]) { _found = found };
        try
        {
            foreach (var member in world.Members)
                await member.ApplyAsync(Yaml.IngressClass(Yaml.Class));
            world._before = await product.ProxyAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A Service in each of these members, all by the same name.</summary>
    public async Task<IReadOnlyList<Pod>> AddServiceAsync(string ns, string service, params (string Member, int Pods)[] members)
    {
        var all = new List<Pod>();
        foreach (var (member, count) in members)
        {
            var pods = Pods.New(count, member, ns, service);
            await this[member].ApplyAsync(Yaml.Join(Yaml.Service(ns, service), Yaml.Slice(ns, service, Pods.Port, pods)));
            all.AddRange(pods);
        }

        return all;
    }

    /// <summary>A Service with pods that can die.</summary>
    public async Task<IReadOnlyList<PodGate>> AddMortalsAsync(string member, string ns, string service, int count)
    {
        var gates = Enumerable.Range(0, count).Select(_ => new PodGate(Pods, member, ns, service)).ToList();
        _gates.AddRange(gates);
        await this[member].ApplyAsync(Yaml.Join(Yaml.Service(ns, service), Yaml.Slice(ns, service, Pods.Port, gates.Select(static gate => gate.Pod))));
        return gates;
    }

    public Task ApplyToAllAsync(string manifests) => ApplyToAsync(manifests, [.. Members.Select(static member => member.Name)]);

    public async Task ApplyToAsync(string manifests, params string[] members)
    {
        foreach (var member in members)
            await this[member].ApplyAsync(manifests);
    }

    public Task UntilSharesAsync(string url, params (string Member, double Percent)[] percent) => Shares.UntilAsync(Product.Setting.AdminListen, Product.Client, url, percent);

    public Task UntilMembersAsync(string url, params string[] members) => Shares.UntilMembersAsync(Product.Setting.AdminListen, Product.Client, url, members);

    /// <summary>
    /// Endpoints that HAProxy has servers for that take requests, as it says itself; once, also while one server of an endpoint takes the
    /// place of another.
    /// </summary>
    public async Task<IReadOnlyList<string>> ServersAsync() => [.. (await HAProxyFiles.ServersAsync(Product.Setting.StateDirectory)).Distinct()];

    /// <summary>The configuration file anew, for a program that runs: with other settings of a member, or without it.</summary>
    public void WriteConfiguration() => Product.Setting.WriteConfiguration();

    /// <summary>HAProxy is the one of the start, was never reloaded, and refused nothing.</summary>
    public async Task AssertUndisturbedAsync()
    {
        var now = await Product.ProxyAsync();
        Assert.Equal((_before.MasterPid, _before.WorkerPid, _before.MasterReloads), (now.MasterPid, now.WorkerPid, now.MasterReloads));
        Assert.Empty(now.ReloadsByReason);
        Assert.Empty(now.FailedReloadsByReason);
        Assert.Equal(0, now.Refused);
    }

    /// <summary>What a test has left, with the servers that are checked for it.</summary>
    public async Task ClearAsync()
    {
        foreach (var member in Members)
            await member.ClearAsync();
        foreach (var gate in _gates)
            await gate.DisposeAsync();
        _gates.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in _gates)
            await gate.DisposeAsync();
        await Product.DisposeAsync();
        if (_found is not null)
            await _found.DisposeAsync();
        await Pods.DisposeAsync();
    }
}
