using MultiCluster.Cli;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>Nodes with certificates that "mcctl pki" made, also while their authority is replaced.</summary>
public sealed class MadeCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-pki-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nodes_talk_by_what_was_made_for_them()
    {
        await MakeAsync();
        await TalkAsync(Files("a"), Files("b"));
    }

    /// <summary>A caller of the admin API is no part of the cluster, whatever it is called.</summary>
    [Fact]
    public async Task A_users_certificate_does_not_make_a_node()
    {
        await MakeAsync();
        await PkiAsync("issue", "user", "a", "--role", "admin");
        var log = new LogRecorder();
        await using var b = await StartAsync("b", Files("b"), log);
        var user = new TlsFiles(In("pki/user-a.crt"), In("pki/user-a.key"), In("pki/ca.crt"));
        await using var a = await StartAsync("a", user);
        a.Join(b.AsPeer);
        await log.SaysAsync("CN=a, OU=admin");
        Assert.Empty(b.Transport.State.Inbound);
    }

    /// <summary>Files come to machines one after another: those of a step get on with those of the steps beside it.</summary>
    [Fact]
    public async Task An_authority_is_replaced_while_nodes_talk()
    {
        await MakeAsync();
        await PkiAsync("rotate", "--authority", "add");
        Copy("pki", "added");
        await PkiAsync("rotate", "--authority", "use");
        Copy("pki", "used");
        await PkiAsync("rotate", "--authority", "drop");
        Copy("pki", "dropped");
        foreach (var (one, other) in new[] { ("made", "added"), ("added", "used"), ("used", "dropped") })
        {
            await TalkAsync(Files("a", one), Files("b", other));
            await TalkAsync(Files("a", other), Files("b", one));
        }
    }

    [Theory]
    [InlineData("made", "used")]
    [InlineData("added", "dropped")]
    public async Task A_step_that_is_left_out_is_noticed(string one, string other)
    {
        await An_authority_is_replaced_while_nodes_talk();
        await using var b = await StartAsync("b", Files("b", other));
        await using var a = await StartAsync("a", Files("a", one));
        a.Join(b.AsPeer);
        await a.Log.SaysAsync("no connection");
        Assert.Empty(b.Transport.State.Inbound);
    }

    /// <summary>The files of a process that runs are read for its next connection.</summary>
    [Fact]
    public async Task A_certificate_that_was_made_anew_is_used_from_the_next_connection_on()
    {
        await MakeAsync();
        await using var a = await StartAsync("a", Files("a"));
        await PkiAsync("rotate", "--within", "400");
        await using var b = await StartAsync("b", Files("b", "pki"));
        a.Join(b.AsPeer);
        await a.Receiver.UpAsync(b.Id);
    }

    private async Task MakeAsync()
    {
        await PkiAsync("init");
        await PkiAsync("issue", "node", "a", "--cluster", "test");
        await PkiAsync("issue", "node", "b", "--cluster", "test");
        Copy("pki", "made");
    }

    private static async Task TalkAsync(TlsFiles one, TlsFiles other)
    {
        await using var a = await StartAsync("a", one);
        await using var b = await StartAsync("b", other);
        a.Join(b.AsPeer);
        b.Join(a.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        await b.Receiver.UpAsync(a.Id);
    }

    private static Task<TestNode> StartAsync(string name, TlsFiles files, LogRecorder? log = null) =>
        TestNode.StartAsync(name, TestNode.Options with { Tls = TestPki.Load(files, log) });

    private TlsFiles Files(string name, string folder = "made") => new(In($"{folder}/node-{name}.crt"), In($"{folder}/node-{name}.key"), In($"{folder}/ca.crt"));

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(In(to));
        foreach (var file in Directory.EnumerateFiles(In(from)))
            File.Copy(file, Path.Combine(In(to), Path.GetFileName(file)));
    }

    private string In(string path) => Path.Combine(_folder, path);

    private async Task PkiAsync(params string[] args)
    {
        using var said = new StringWriter();
        var code = await CommandFactory.RunAsync(["pki", .. args, "--dir", In("pki")], new CliContext(said, said, static _ => new SocketsHttpHandler(), TimeProvider.System));
        Assert.True(code == 0, said.ToString());
    }
}
