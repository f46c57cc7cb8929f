using System.Diagnostics;
using System.Net.Sockets;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Pods on addresses of loopback, all played by one HAProxy; each answers with its own address.</summary>
internal sealed class Pods : IDisposable
{
    private readonly ChildProcess _process;

    private Pods(ChildProcess process, int port, string[] addresses)
    {
        _process = process;
        Port = port;
        Addresses = addresses;
    }

    public int Port { get; }

    public IReadOnlyList<string> Addresses { get; }

    public int ProcessId => _process.Id;

    public static Task<Pods> StartAsync(string folder, HAProxyBinary binary, int count, CancellationToken cancellationToken) =>
        StartAsync(folder, binary, count, [], cancellationToken);

    /// <param name="more">Addresses that they listen on besides.</param>
    public static async Task<Pods> StartAsync(string folder, HAProxyBinary binary, int count, IEnumerable<string> more, CancellationToken cancellationToken)
    {
        var port = Ports.Free(1)[0];
        string[] addresses = [.. Enumerable.Range(2, count).Select(static i => $"127.0.0.{i}"), .. more];
        var config = Path.Combine(folder, "pods.cfg");
        await File.WriteAllTextAsync(config, $"""
            global
                nbthread 1
                maxconn 8000
            defaults
                mode http
                timeout client 1h
                timeout server 1h
                timeout connect 1s
            frontend pods
            {string.Join('\n', addresses.Select(address => $"    bind {address}:{port}"))}
                http-request return status 200 content-type text/plain lf-string "%[dst]"

            """, cancellationToken);
        var process = ChildProcess.Start(binary.Path, ["-db", "-f", config], Path.Combine(folder, "pods.log"));
        var pods = new Pods(process, port, addresses);
        await process.WhenListeningAsync(addresses[0], port, cancellationToken);
        return pods;
    }

    public void Dispose() => _process.Dispose();
}
