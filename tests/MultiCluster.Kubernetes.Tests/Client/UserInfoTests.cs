using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>User and password in an address of a kubeconfig get into no message.</summary>
public sealed class UserInfoTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("https://user:pa55@c.example/x", "https://c.example/x/")]
    [InlineData("https://user@c.example:6443", "https://c.example:6443/")]
    [InlineData("https://c.example/a@b", "https://c.example/a@b/")]
    public void A_server_is_known_by_its_address_alone(string server, string known)
    {
        var config = Read($"server: '{server}'").Config!;
        Assert.Equal(known, config.Server.ToString());
        Assert.DoesNotContain("pa55", config.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server: 'htps://user:pa55@c.example'", "server \"htps://***@c.example\" of cluster c is no http(s) address")]
    [InlineData("server: 'user:pa55@c.example'", "server \"***@c.example\" of cluster c is no http(s) address")]
    [InlineData("server: 'https//u:p@ss/pa55@c.example'", "server \"***@c.example\" of cluster c")]
    [InlineData("server: 'https://c', proxy-url: 'ftp://user:pa55@proxy'", "proxy-url \"ftp://***@proxy\" is no http, https or socks5 address")]
    [InlineData("server: 'https://c', tls-server-name: 'https://user:pa55@c'", "tls-server-name \"https://***@c\" is no host name")]
    public void Errors_hide_them(string cluster, string message)
    {
        var error = Read(cluster).Error!;
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", error, StringComparison.Ordinal);
    }

    /// <summary>As kubectl does; what the proxy is called in its refusal must not tell either.</summary>
    [Fact]
    public async Task A_proxy_gets_them_and_nobody_else_does()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource(Deadline);
        var seen = RefuseAsync(listener, stop.Token);
        var config = Read($"server: 'https://c.example', proxy-url: 'http://us%40er:pa55@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}'").Config!;
        Assert.DoesNotContain("pa55", config.ToString(), StringComparison.Ordinal);
        using var client = new KubernetesClient(config, TimeProvider.System);
        var result = await client.GetAsync(ResourcePath.Services, new ObjectKey("default", "a"), stop.Token);

        Assert.Contains("407", result.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"Basic {Convert.ToBase64String("us@er:pa55"u8)}", await seen, StringComparison.Ordinal);
    }

    /// <summary>Asks for credentials, and refuses those that come; the answer is the request that had them.</summary>
    private static async Task<string> RefuseAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var connection = await listener.AcceptTcpClientAsync(cancellationToken);
            using var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
            var request = new StringBuilder();
            while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
                request.AppendLine(line);
            await connection.GetStream().WriteAsync(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
            if (request.ToString().Contains("Proxy-Authorization", StringComparison.Ordinal))
                return request.ToString();
        }
    }

    private static KubeConfigResult Read(string cluster) => KubeConfig.Parse(
        Encoding.UTF8.GetBytes($"current-context: a\ncontexts: [{{name: a, context: {{cluster: c}}}}]\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\n"), "Secret s/a");
}
