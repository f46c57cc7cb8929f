using System.Globalization;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks;

/// <summary>A configuration with one route that has a policy as people write it. It tells pods of the client as ours does.</summary>
internal static class PolicyByHand
{
    public static async Task<Reference> StartAsync(string folder, HAProxyBinary binary, PolicyKind policy, string host, Pods pods, CancellationToken cancellationToken)
    {
        var port = Ports.Free(1)[0];
        var file = Path.Combine(folder, $"{policy.Name.Replace(' ', '-').Replace("%", "", StringComparison.Ordinal)}.cfg");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $$"""
            global
                nbthread 1
                maxconn 2000
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server {{policy.ServerTimeout}}
            userlist users
                user ann insecure-password secret
            frontend ingress
                bind 127.0.0.1:{{port}}
                option forwardfor
                http-request set-header x-forwarded-proto %[ssl_fc,iif(https,http)]
            {{string.Join('\n', policy.Lines!.Select(static line => $"    {line}"))}}
            {{string.Join('\n', policy.Paths.Select(path => $"    use_backend app if {{ req.hdr(host) -i {host} }} {{ {(policy.AreExpressions ? "path_reg -i ^" : "path_beg ")}{path} }}"))}}
            backend app
                server a {{pods.Addresses[0]}}:{{pods.Port}}
            backend other
                server a {{pods.Addresses[0]}}:{{pods.Port}}
            backend rates
                stick-table type ip size 100k expire 10s store http_req_rate(1s)

            """), cancellationToken);
        var process = ChildProcess.Start(binary.Path, ["-db", "-f", file], file + ".log");
        await process.WhenListeningAsync("127.0.0.1", port, cancellationToken);
        return new Reference(process, port);
    }
}
