using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.Acme.Tests.Proxies;

/// <summary>A HAProxy with our own program and lines of the test's own; data is changed through its Runtime API.</summary>
internal sealed class ChallengeProxy : IAsyncDisposable
{
    private readonly string _folder;
    private readonly HAProxyProcess _processes;
    private readonly Commands _commands;

    private ChallengeProxy(string folder, HAProxyProcess processes, Commands commands, RunningHAProxy running, HttpClient client)
    {
        (_folder, _processes, _commands, Running, Client) = (folder, processes, commands, running, client);
    }

    public RunningHAProxy Running { get; }

    /// <summary>Connects to the proxy whatever the URL's host is.</summary>
    public HttpClient Client { get; }

    /// <param name="at">Where to listen; null: anywhere.</param>
    /// <param name="change">From the text of the program to what HAProxy is to run.</param>
    public static async Task<ChallengeProxy> StartAsync(HAProxyBinary binary, Func<string, string> change, IPEndPoint? at = null)
    {
        var folder = Directory.CreateTempSubdirectory("mc-").FullName;
        var paths = new ProgramPaths(Path.Combine(folder, "current"), Path.Combine(folder, "w.sock"));
        Assert.True(ProxyVersion.TryParse(binary.Version, out var version));
        var features = ProxyFeatures.Of(version);
        var (address, port) = (at?.Address ?? Loopback.NewAddress(), at?.Port ?? 8080);
        var options = new ProgramOptions { Binds = [new BindOptions($"{address}:{port}", false)], Threads = 1, PoolSize = 1, PolicyPoolSize = 1, MaxConnections = 200 };
        var file = new StartFileRenderer(options, paths, features, SelfSigned()).Render(new DesiredData(new BackendPool(features, 1, [])));
        foreach (var part in file.Parts)
        {
            var text = string.Concat(part.Chunks.Select(static chunk => chunk.ToString()));
            Directory.CreateDirectory(Path.GetDirectoryName(paths.Full(part.Path))!);
            await File.WriteAllTextAsync(paths.Full(part.Path), part.Path == ProgramPaths.Config ? change(text) : text);
        }

        var processes = new HAProxyProcess(TimeProvider.System);
        var running = await processes.StartAsync(
            new HAProxyStart
            {
                Binary = binary.Path,
                ConfigPath = paths.Full(ProgramPaths.Config),
                MasterSocket = Path.Combine(folder, "m.sock"),
                WorkerSocket = paths.WorkerSocket,
                LogFile = Path.Combine(folder, "log"),
                WorkingDirectory = folder,
            },
            CancellationToken.None);
        Assert.True(running.IsOk, running.Error);
        var handler = new SocketsHttpHandler { ConnectCallback = async (_, token) => await ConnectAsync(address, port, token) };
        return new ChallengeProxy(folder, processes, new Commands(paths), running.Value, new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) });
    }

    public Task AddRouteAsync(string host, string path, string value, PathMatch match = PathMatch.Exact)
    {
        var key = RouteMaps.KeyOf(new RouteKey(host, path, match));
        return SendAsync(_commands.AddMap(key!.Value, value)!.Line);
    }

    public Task DeleteRouteAsync(string host, string path, PathMatch match = PathMatch.Exact) =>
        SendAsync(_commands.DeleteMap(RouteMaps.KeyOf(new RouteKey(host, path, match))!.Value)!.Line);

    public async Task<int> WorkerAsync()
    {
        await using var client = await RuntimeClient.ConnectAsync(Path.Combine(_folder, "w.sock"), TimeProvider.System, null, CancellationToken.None);
        var info = await client.ExecuteAsync(new RuntimeCommand("show info", null, ReplyRule.Data), CancellationToken.None);
        return int.Parse(info.Split("\nPid: ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (Running.Master is { } master)
            await _processes.StopAsync(master, graceful: false, TimeSpan.FromSeconds(20), CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SendAsync(string line)
    {
        await using var client = await RuntimeClient.ConnectAsync(Path.Combine(_folder, "w.sock"), TimeProvider.System, null, CancellationToken.None);
        Assert.Equal("", (await client.ExecuteAsync(new RuntimeCommand(line, null, ReplyRule.Silent), CancellationToken.None)).Trim());
    }

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(address, port, cancellationToken);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }

    private static string SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=default", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
