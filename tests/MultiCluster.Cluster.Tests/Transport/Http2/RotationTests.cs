using System.Diagnostics.CodeAnalysis;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>Files change under two connected nodes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Everything ends in DisposeAsync of IAsyncLifetime.")]
public sealed class RotationTests : IAsyncLifetime
{
    private readonly TestPki _pki = new();
    private readonly LogRecorder _tlsLog = new();
    private TransportTls _tls = null!;
    private TestNode _a = null!;
    private TestNode _b = null!;
    private TcpRelay _relay = null!;

    public async Task InitializeAsync()
    {
        _tls = TestPki.Load(_pki.Issue("a", TestPki.NodeUri("a")), _tlsLog);
        _a = await TestNode.StartAsync("a", TestNode.Options with { Tls = _tls });
        _b = await TestNode.StartAsync("b", TestNode.Options with { Tls = _pki.Node("b") });
        _relay = new TcpRelay(_b.Port);
        _a.Join(new Peer(_b.Id, _relay.Address));
        await _a.Receiver.UpAsync(_b.Id);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _relay.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task A_new_authority_is_taken_step_by_step_without_losing_a_connection()
    {
        var old = _pki.AuthorityPem;
        _pki.ReplaceAuthority();
        var both = old + "\n" + _pki.AuthorityPem;
        Action[] steps =
        [
            () => Trust(both),
            () => _pki.Issue("a", TestPki.NodeUri("a"), days: 2, trusts: both),
            () => _pki.Issue("b", TestPki.NodeUri("b"), days: 2, trusts: both),
            () => Trust(_pki.AuthorityPem),
        ];
        var before = _tls.Certificate;
        for (var step = 1; step <= steps.Length; step++)
        {
            steps[step - 1]();
            Assert.True(_a.TrySend(_b.Id, step));
            await _b.Receiver.FramesAsync(step);
            Assert.Equal(step, _a.Receiver.Notices.Count(notice => notice == $"up {_b.Id}"));
            _relay.Cut();
            await _a.Receiver.UpAsync(_b.Id, step + 1);
        }
        Assert.NotEqual(before.NotAfter, _tls.Certificate.NotAfter);
        Assert.Equal(0, _a.Log.Count("no connection"));
    }

    [Fact]
    public async Task A_peer_that_is_signed_by_a_withdrawn_authority_is_out_at_its_next_connection()
    {
        _pki.ReplaceAuthority();
        _pki.Issue("b", TestPki.NodeUri("b"));
        Assert.True(_a.TrySend(_b.Id, 1));
        await _b.Receiver.FramesAsync(1);
        _relay.Cut();
        await _a.Receiver.DownAsync(_b.Id);
        await _a.Log.SaysAsync("no connection");
        Assert.Equal(LinkErrorCode.Tls, _a.StateOf("b").LastError!.Code);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_change_nothing_and_are_named()
    {
        var files = _pki.Issue("other", TestPki.NodeUri("a"));
        File.Copy(files.Certificate, files.Certificate.Replace("other", "a", StringComparison.Ordinal), overwrite: true);
        _relay.Cut();
        await _a.Receiver.UpAsync(_b.Id, 2);
        await _tlsLog.SaysAsync("not replaced");
        Assert.Contains("a.key", _a.Transport.State.CertificateError, StringComparison.Ordinal);

        // The key that goes with it comes later, as it does when files are written one by one.
        File.Copy(files.Key, files.Key.Replace("other", "a", StringComparison.Ordinal), overwrite: true);
        Assert.Equal("CN=other", _tls.Certificate.Subject);
        Assert.Null(_a.Transport.State.CertificateError);
        _relay.Cut();
        await _a.Receiver.UpAsync(_b.Id, 3);
    }

    private void Trust(string authorities)
    {
        _pki.Trust("a", authorities);
        _pki.Trust("b", authorities);
    }
}
