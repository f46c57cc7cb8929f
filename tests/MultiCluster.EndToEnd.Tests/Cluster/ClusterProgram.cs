using System.Net;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>A controller or a proxy by its name, over however many processes it has had.</summary>
internal class ClusterProgram(string name, string configuration, IPEndPoint admin) : IAsyncDisposable
{
    private readonly List<string> _before = [];
    private ProductProcess? _process;

    public string Name => name;

    /// <summary>Its configuration file.</summary>
    public string Configuration => configuration;

    public ProductProcess Process => _process ?? throw new InvalidOperationException($"{name} does not run");

    public int? ProcessId => _process?.Id;

    /// <summary>What it has logged over all its processes.</summary>
    public IEnumerable<string> Lines => _before.Concat(_process?.Lines ?? []);

    public void Start() => _process = ProductProcess.Start(configuration, admin);

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await EndAsync();
    }

    /// <summary>That a controller owns, as it says itself.</summary>
    public async Task<int> ShardsAsync() => (await Process.ClusterAsync()).Nodes.Single(static node => node.IsSelf).Shards;

    /// <summary>What mcctl says when it asks this one.</summary>
    public Task<Printed> McctlAsync(params string[] args) => Mcctl.RunAsync(admin, CancellationToken.None, args);

    public Task<Metrics.Scrape> ScrapeAsync() => Metrics.Scrape.OfAsync(admin);

    public Task<T> JsonAsync<T>(params string[] args) => Mcctl.JsonAsync<T>(admin, args);

    /// <summary>In good order.</summary>
    public async Task StopAsync()
    {
        var code = await Process.TerminateAsync();
        Assert.True(code == 0, $"{name} ended with {code}: {Process.Output}");
        await EndAsync();
    }

    public string Tail(int lines) => $"--- {name}{(_process is null ? " (not running)" : "")}\n{string.Join('\n', Lines.TakeLast(lines))}";

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await EndAsync();
    }

    private async Task EndAsync()
    {
        _before.AddRange(Process.Lines);
        await Process.DisposeAsync();
        _process = null;
    }
}

/// <summary>A proxy, which has a HAProxy of its own.</summary>
internal sealed class ClusterProxy(string name, string configuration, IPEndPoint admin, IPEndPoint http, IPEndPoint https, string stateDirectory)
    : ClusterProgram(name, configuration, admin)
{
    public IPEndPoint Http => http;

    public IPEndPoint Https => https;

    public string StateDirectory => stateDirectory;

    public ProxyClient NewClient() => new(http, https);

    /// <summary>Ends when it is told by another controller than this, or by any.</summary>
    public async Task<string> UntilToldByAsync(string? other = null)
    {
        var by = "";
        await Await.NothingMissingAsync(async () =>
        {
            var controller = (await Process.ProxyAsync()).Controller ?? "";
            if (controller.StartsWith("none", StringComparison.Ordinal) || (other is not null && controller.StartsWith(other + " ", StringComparison.Ordinal)))
                return $"a controller of {Name}{(other is null ? "" : $" that is not {other}")}; it is {controller}";
            by = controller.Split(' ')[0];
            return null;
        });
        return by;
    }
}
