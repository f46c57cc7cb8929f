using System.Globalization;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Controllers and one proxy, each a process of its own, on loopback.</summary>
internal sealed class Fleet : IServedProduct
{
    private readonly string _folder;
    private readonly int[] _ports;
    private readonly ChildProcess?[] _controllers;
    private readonly string _persistence;
    private readonly string _members;
    private readonly string _stateDirectory;
    private ChildProcess? _proxy;

    /// <param name="persistence">Lines of the configuration, the same for all controllers.</param>
    /// <param name="members">The same.</param>
    private Fleet(string folder, int controllers, string persistence, string members)
    {
        _folder = folder;
        _controllers = new ChildProcess?[controllers];
        _ports = Ports.Free((2 * controllers) + 2);
        _persistence = persistence;
        _members = members;
        _stateDirectory = Path.Combine(folder, "state");
        Admin = new AdminClient(_ports[^1]);
        Controllers = [.. Enumerable.Range(0, controllers).Select(i => new AdminClient(AdminPort(i)))];
    }

    public int Port => _ports[^2];

    /// <summary>Of the proxy.</summary>
    public AdminClient Admin { get; }

    public IReadOnlyList<AdminClient> Controllers { get; }

    public IReadOnlyList<AdminClient> Processes => [.. Controllers, Admin];

    public static async Task<Fleet> StartAsync(
        string folder, HAProxyBinary haproxy, int controllers, string persistence, string members, CancellationToken cancellationToken)
    {
        var fleet = new Fleet(folder, controllers, persistence, members);
        try
        {
            for (var i = 0; i < controllers; i++)
                fleet.StartController(i);
            fleet.StartProxy(haproxy);
            await fleet._proxy!.WhenListeningAsync("127.0.0.1", fleet.Port, cancellationToken);
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    /// <summary>Of the proxy and all controllers.</summary>
    public TimeSpan Cpu() => All().Aggregate(TimeSpan.Zero, static (sum, process) => sum + process.Cpu());

    /// <summary>Of the largest process.</summary>
    public double Resident() => All().Max(static process => process.Resident());

    public void StartController(int i)
    {
        var file = Path.Combine(_folder, $"c{i}.conf");
        File.WriteAllText(file, $$"""
            role = controller
            members { {{_members}} }
            endpoints.allow-loopback = true
            cluster {
              name = bench
              node = c{{i}}
              listen = "127.0.0.1:{{_ports[2 * i]}}"
              state-directory = "{{Path.Combine(_folder, $"c{i}")}}"
            }
            persistence.key-file = "{{Path.Combine(_folder, "keys")}}"
            {{_persistence}}
            admin.listen = "127.0.0.1:{{AdminPort(i)}}"
            log.level = warn

            """);
        _controllers[i] = Start(file, $"c{i}.log");
    }

    /// <summary>kill -9.</summary>
    public void Kill(int i) => _controllers[i]!.Kill();

    /// <summary>Stops it as an operator would.</summary>
    public void Stop(int i)
    {
        _controllers[i]!.Dispose();
        _controllers[i] = null;
    }

    public void Dispose()
    {
        Admin.Dispose();
        foreach (var admin in Controllers)
            admin.Dispose();
        _proxy?.Dispose();
        foreach (var controller in _controllers)
            controller?.Dispose();
        var master = Path.Combine(_stateDirectory, "master.pid");
        if (File.Exists(master))
            ChildProcess.Signal(int.Parse(File.ReadAllText(master), CultureInfo.InvariantCulture));
    }

    private void StartProxy(HAProxyBinary haproxy)
    {
        var file = Path.Combine(_folder, "proxy.conf");
        File.WriteAllText(file, $$"""
            role = proxy
            cluster.name = bench
            proxy {
              name = p
              controllers = [{{string.Join(", ", Enumerable.Range(0, _controllers.Length).Select(i => $"\"127.0.0.1:{_ports[2 * i]}\""))}}]
            }
            haproxy {
              binary = "{{haproxy.Path}}"
              state-directory = "{{_stateDirectory}}"
              listen { http = ["127.0.0.1:{{Port}}"], https = [] }
            }
            admin.listen = "127.0.0.1:{{_ports[^1]}}"
            log.level = warn

            """);
        _proxy = Start(file, "proxy.log");
    }

    private int AdminPort(int controller) => _ports[(2 * controller) + 1];

    private IEnumerable<ChildProcess> All() => [.. _controllers.OfType<ChildProcess>(), _proxy!];

    private ChildProcess Start(string config, string log) =>
        ChildProcess.Start("dotnet", [Product.Assembly, "run", "--config", config], Path.Combine(_folder, log));
}
