using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>Writes the configuration files of the nodes of one cluster.</summary>
internal sealed class ClusterFiles(
    ClusterSetting setting, string folder, IReadOnlyList<IMemberDriver> members, IClusterDatabase database, NodePaths? paths, ClusterAuthority? authority)
{
    private readonly List<(string Name, IPEndPoint Listen)> _controllers = [];

    public ClusterProgram Controller(string name)
    {
        var (listen, admin) = (NewEndpoint(), NewEndpoint());
        _controllers.Add((name, listen));
        var advertise = paths is null ? "" : $", advertise = \"{paths.ToController(name, listen)}\"";
        return new ClusterProgram(name, Write(name, $$"""
            role = controller
            members {
              {{string.Join("\n  ", members.Select(static member => member.Configuration))}}
            }
            endpoints.allow-loopback = true
            haproxy.settings.https-redirect-with-tls = false
            startup.member-timeout = {{(int)ClusterSetting.MemberTimeout.TotalSeconds}}s
            cluster { node = {{name}}, listen = "{{listen}}"{{advertise}}, state-directory = "{{Path.Combine(folder, name)}}" }
            cluster.lease-ttl = {{(int)ClusterSetting.LeaseTtl.TotalSeconds}}s
            {{authority?.ConfigurationOf(ClusterSetting.ClusterName, "node", name)}}
            {{database.ConfigurationOf(name)}}
            persistence.key-file = "{{Path.Combine(folder, "keys")}}"
            admin.listen = "{{admin}}"
            """), admin);
    }

    /// <summary>After all controllers.</summary>
    public ClusterProxy Proxy(string name)
    {
        var (http, https, admin) = (NewEndpoint(), NewEndpoint(), NewEndpoint());
        var state = Path.Combine(folder, name);
        var controllers = _controllers.Select(controller => paths?.FromProxy(name, controller.Name, controller.Listen) ?? controller.Listen);
        return new ClusterProxy(name, Write(name, $$"""
            role = proxy
            proxy { name = {{name}}, controllers = [{{string.Join(", ", controllers.Select(static address => $"\"{address}\""))}}] }
            haproxy {
              binary = "{{setting.Binary.Path}}"
              state-directory = "{{state}}"
              listen { http = ["{{http}}"], https = ["{{https}}"] }
              threads = 1
              max-connections = 500
              pool-size = 64
            }
            {{authority?.ConfigurationOf(ClusterSetting.ClusterName, "proxy", name)}}
            admin.listen = "{{admin}}"
            """), admin, http, https, state);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name + ".conf");
        File.WriteAllText(file, $"cluster.name = {ClusterSetting.ClusterName}\nlog.level = info\n{text}\n");
        return file;
    }

    private static IPEndPoint NewEndpoint()
    {
        var address = Loopback.NewAddress();
        return new IPEndPoint(address, Loopback.FreePort(address));
    }
}
