using System.Globalization;

namespace MultiCluster.Benchmarks.Support;

/// <summary>A configuration with shipped defaults but for what a benchmark has to choose.</summary>
internal sealed class ProductConfig
{
    private readonly int[] _ports = Ports.Free(2);

    /// <param name="folder">For the configuration and the state directory.</param>
    /// <param name="members">A kubeconfig file, or lines of several members if <paramref name="many"/>.</param>
    public ProductConfig(string folder, string haproxy, string members, string more = "", bool many = false)
    {
        StateDirectory = Path.Combine(folder, "state");
        File = Path.Combine(folder, "bench.conf");
        System.IO.File.WriteAllText(File, $$"""
            members {
            {{(many ? members : $"bench {{ kubeconfig = \"{members}\" }}")}}
            }
            haproxy {
              binary = "{{haproxy}}"
              state-directory = "{{StateDirectory}}"
              listen { http = ["127.0.0.1:{{Port}}"], https = [] }
            }
            endpoints.allow-loopback = true
            admin { listen = "127.0.0.1:{{AdminPort}}" }
            {{more}}

            """);
    }

    public string File { get; }

    public string StateDirectory { get; }

    public int Port => _ports[0];

    public int AdminPort => _ports[1];

    /// <summary>HAProxy outlives the product; this ends it, by the process id that the product left.</summary>
    public void StopHAProxy()
    {
        var file = Path.Combine(StateDirectory, "master.pid");
        if (System.IO.File.Exists(file))
            ChildProcess.End(int.Parse(System.IO.File.ReadAllText(file), CultureInfo.InvariantCulture));
    }
}
