using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Server;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class MutualTlsTests : IDisposable
{
    private readonly TestPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task Nodes_that_trust_each_other_talk()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b");
        a.Join(b.AsPeer);
        b.Join(a.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        await b.Receiver.UpAsync(a.Id);
        a.TrySend(b.Id, 1);
        b.TrySend(a.Id, 1);
        await a.Receiver.FramesAsync(1);
        await b.Receiver.FramesAsync(1);
    }

    [Fact]
    public async Task A_dialler_of_another_authority_is_refused()
    {
        using var other = new TestPki();
        await RefusedAsync(other.Issue("a", TestPki.NodeUri("a"), trusts: _pki.AuthorityPem), "CN=a");
    }

    [Fact]
    public Task A_dialler_with_an_expired_certificate_is_refused() => RefusedAsync(_pki.Issue("a", TestPki.NodeUri("a"), days: -1), "expired");

    [Fact]
    public Task A_dialler_whose_certificate_may_only_serve_is_refused() => RefusedAsync(_pki.Issue("a", TestPki.NodeUri("a"), use: "1.3.6.1.5.5.7.3.1"), "CN=a");

    [Fact]
    public Task A_dialler_whose_certificate_names_nothing_of_the_cluster_is_refused() => RefusedAsync(_pki.Issue("a", "multicluster://other/node/a"), "names nothing of cluster 'test'");

    [Fact]
    public async Task A_dialler_without_a_certificate_is_refused()
    {
        var log = new LogRecorder();
        await using var b = await TestNode.StartAsync("b", TestNode.Options with { Tls = TestPki.Load(_pki.Issue("b", TestPki.NodeUri("b")), log) });
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=b" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{b.Address}{Http2ClusterTransport.Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request));
        await log.SaysAsync("has sent no certificate");
        Assert.Empty(b.Transport.State.Inbound);
    }

    [Fact]
    public async Task A_dialler_that_says_it_is_somebody_else_is_refused_with_the_name_to_add()
    {
        await using var b = await StartAsync("b");
        await using var a = await StartAsync("a", TestPki.Load(_pki.Issue("c", TestPki.NodeUri("c"))));
        a.Join(b.AsPeer);
        await a.Log.SaysAsync("add the URI multicluster://test/node/a");
        Assert.Equal(LinkErrorCode.Identity, a.StateOf("b").LastError!.Code);
        await b.Log.SaysAsync("add the URI multicluster://test/node/a");
    }

    [Fact]
    public async Task A_proxys_certificate_does_not_make_a_node()
    {
        await using var b = await StartAsync("b");
        await using var a = await StartAsync("a", TestPki.Load(_pki.Issue("a", "multicluster://test/proxy/a")));
        a.Join(b.AsPeer);
        await a.Log.SaysAsync("does not name it");
        Assert.Equal(LinkErrorCode.Identity, a.StateOf("b").LastError!.Code);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_talked_to()
    {
        using var other = new TestPki();
        await using var b = await StartAsync("b", TestPki.Load(other.Issue("b", TestPki.NodeUri("b"), trusts: _pki.AuthorityPem)));
        await NotDialledAsync(b, LinkErrorCode.Tls, "is not accepted");
    }

    [Fact]
    public async Task A_server_with_an_expired_certificate_is_not_talked_to()
    {
        await using var b = await StartAsync("b", TestPki.Load(_pki.Issue("b", TestPki.NodeUri("b"), days: -1)));
        await NotDialledAsync(b, LinkErrorCode.Tls, "expired");
    }

    [Fact]
    public async Task A_server_that_is_named_otherwise_is_not_talked_to()
    {
        await using var b = await StartAsync("b", TestPki.Load(_pki.Issue("b", TestPki.NodeUri("c"))));
        await NotDialledAsync(b, LinkErrorCode.Identity, "add the URI multicluster://test/node/b");
    }

    [Fact]
    public async Task Without_tls_nothing_gets_in_and_nothing_goes_out()
    {
        await using var b = await StartAsync("b");
        await using var plain = await TestNode.StartAsync("a");
        plain.Join(b.AsPeer);
        await plain.Log.SaysAsync("no connection");
        await using var secure = await StartAsync("c");
        secure.Join(plain.AsPeer);
        await secure.Log.SaysAsync("no connection");
        Assert.Empty(b.Transport.State.Inbound);
        Assert.Empty(plain.Transport.State.Inbound);
    }

    [Fact]
    public async Task Plain_http_is_for_loopback_and_unix_sockets()
    {
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(new NodeId("b", "1"), "192.0.2.1:7400"));
        await a.Log.SaysAsync("set certificate, key and authority");
        Assert.Equal(LinkErrorCode.Insecure, a.StateOf("b").LastError!.Code);
        foreach (var listen in new[] { "0.0.0.0:0", "*:0", "[::]:0", "192.0.2.1:0" })
        {
            var (server, error) = await PeerServer.StartAsync(listen, TestNode.Options, static _ => { }, NullLoggerFactory.Instance, CancellationToken.None);
            Assert.Null(server);
            Assert.Contains("set certificate, key and authority", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_address_of_loopback_is_loopback()
    {
        await using var a = await TestNode.StartAsync("a", listen: "127.0.0.2:0");
        await using var b = await TestNode.StartAsync("b", listen: "127.9.9.9:0");
        a.Join(b.AsPeer);
        b.Join(a.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        await b.Receiver.UpAsync(a.Id);
    }

    [Fact]
    public void Files_that_make_no_certificate_are_named()
    {
        var files = _pki.Issue("a", TestPki.NodeUri("a"));
        static string? ErrorOf(TlsFiles files) => TransportTls.Load(files, TimeProvider.System, NullLoggerFactory.Instance).Error;
        Assert.Contains("missing.key", ErrorOf(files with { Key = "/nonexistent/missing.key" }), StringComparison.Ordinal);
        Assert.Contains(files.Authority, ErrorOf(files with { Key = files.Authority }), StringComparison.Ordinal);
        Assert.Contains("no certificate", ErrorOf(files with { Authority = files.Key }), StringComparison.Ordinal);
        var other = _pki.Issue("b", null).Key;
        Assert.Contains(other, ErrorOf(files with { Key = other }), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(TlsFiles files, string said)
    {
        var log = new LogRecorder();
        await using var b = await TestNode.StartAsync("b", TestNode.Options with { Tls = TestPki.Load(_pki.Issue("b", TestPki.NodeUri("b")), log) });
        await using var relay = new TcpRelay(b.Port);
        await using var a = await StartAsync("a", TestPki.Load(files));
        a.Join(new Peer(b.Id, relay.Address));
        await log.SaysAsync(said);
        await relay.AcceptedAsync(3);
        Assert.Equal(LinkErrorCode.Tls, a.StateOf("b").LastError!.Code);
        Assert.Contains("may not accept our certificate", a.StateOf("b").LastError!.Text, StringComparison.Ordinal);
        Assert.Equal(1, log.Count("refused"));
        Assert.Equal(1, a.Log.Count("no connection"));
        Assert.Empty(a.Receiver.Notices);
        Assert.Empty(b.Transport.State.Inbound);
    }

    private async Task NotDialledAsync(TestNode b, LinkErrorCode code, string said)
    {
        await using var a = await StartAsync("a");
        a.Join(b.AsPeer);
        await a.Log.SaysAsync(said);
        Assert.Equal(code, a.StateOf("b").LastError!.Code);
        Assert.Empty(a.Receiver.Notices);
        Assert.Empty(b.Transport.State.Inbound);
    }

    private Task<TestNode> StartAsync(string name, TransportTls? tls = null) => TestNode.StartAsync(name, TestNode.Options with { Tls = tls ?? _pki.Node(name) });
}
