using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.EndToEnd.Tests.Survival;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>Who may ask the admin API what, by certificates that "mcctl pki" made.</summary>
public sealed class AdminCertificateTests : IAsyncLifetime
{
    private const string Pki = "pki";

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
    private Shop? _shop;

    public async Task InitializeAsync()
    {
        _shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        await PkiAsync(Pki, "init");
        await PkiAsync(Pki, "issue", "node", "a", "--host", $"{_shop.Setting.AdminListen.Address}");
        foreach (var (name, role) in new[] { ("ann", "view"), ("bob", "operate"), ("eve", "admin") })
            await PkiAsync(Pki, "issue", "user", name, "--role", role);
    }

    public async Task DisposeAsync()
    {
        await _shop!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Certificates_have_roles_and_the_history_names_who_ordered()
    {
        await using var product = await StartAsync("");
        Assert.Equal((0, ""), Short(await AskAsync("user-ann", "member", "list")));
        Assert.Equal((1, "error: ann has role view, and this needs operate\n"), Short(await AskAsync("user-ann", "member", "cordon", "gcp")));
        Assert.Equal((1, "error: bob has role operate, and this needs admin\n"), Short(await AskAsync("user-bob", "cluster", "leave")));
        Assert.Equal(0, (await AskAsync("user-bob", "member", "cordon", "gcp")).Code);
        await Await.NothingMissingAsync(async () => (await AskAsync("user-ann", "member", "history", "gcp")).Output is var told && told.Contains("operator, state Drain by bob", StringComparison.Ordinal) ? null : $"that bob did it; it says {told}");
        Assert.Equal(0, (await AskAsync("user-eve", "member", "undrain", "gcp")).Code);

        // On this machine, too, and whoever signed the server's certificate.
        Assert.Contains("the admin API wants a certificate: mcctl --cert-file FILE --key-file FILE", (await RunAsync("member", "list")).Error, StringComparison.Ordinal);
        Assert.Contains("the certificate CN=a names no role", (await AskAsync("node-a", "member", "list")).Error, StringComparison.Ordinal);
        await PkiAsync("other", "init");
        await PkiAsync("other", "issue", "user", "eve", "--role", "admin");
        Assert.Equal(1, (await RunAsync(["member", "list", "--cert-file", Path("other/user-eve.crt"), "--key-file", Path("other/user-eve.key")])).Code);
        await IssueAsync("CN=zoe, OU=admin", "late", days: -1);
        Assert.Equal(1, (await AskAsync("late", "member", "list")).Code);
    }

    [Theory]
    [InlineData("CN=zoe, OU=admin", null)]
    [InlineData("O=example, CN=zoe, OU=admin", null)]
    [InlineData("CN=zoe, OU=Admin", "names no role")]
    [InlineData("CN=zoe, OU=boss", "names no role")]
    [InlineData("CN=zoe, OU=admin, OU=view", "names no role")]
    [InlineData("CN=zoe, CN=ann, OU=admin", "names no role")]
    [InlineData("CN=zoe+OU=admin", "names no role")]
    [InlineData("CN=zoe, O=admin", "names no role")]
    [InlineData("OU=admin", "names no role")]
    public async Task Only_one_name_with_one_role_is_a_caller(string subject, string? refusal)
    {
        await IssueAsync(subject, "made");
        await using var product = await StartAsync("");
        var printed = await AskAsync("made", "member", "list");
        Assert.Equal(refusal is null ? 0 : 1, printed.Code);
        Assert.Contains(refusal ?? "", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_go_on_beside_certificates_and_count_before_them()
    {
        using var output = new StringWriter();
        await Cli.CommandFactory.RunAsync(["token", "new", "tom", "view"], new Cli.CliContext(output, output, static _ => new SocketsHttpHandler(), TimeProvider.System));
        var words = output.ToString().Split('\n');
        await File.WriteAllTextAsync(Path("tom"), words[1]);
        await File.WriteAllTextAsync(Path("tokens"), words[3]);
        await using var product = await StartAsync($"admin.tokens-file = \"{Path("tokens")}\"");
        Assert.Equal(0, (await RunAsync("member", "list", "--token-file", Path("tom"))).Code);
        Assert.Equal(0, (await AskAsync("user-eve", "member", "cordon", "gcp")).Code);
        Assert.Equal((1, "error: tom has role view, and this needs operate\n"), Short(await AskAsync("user-eve", "member", "cordon", "gcp", "--token-file", Path("tom"))));
        Assert.Contains("the admin API wants a token", (await RunAsync("member", "list")).Error, StringComparison.Ordinal);
    }

    /// <summary>The authority is replaced in the files of a process that runs.</summary>
    [Fact]
    public async Task Another_authority_counts_for_the_next_connection()
    {
        await using var product = await StartAsync("");
        // Elsewhere: what is in the folder is made anew.
        Copy("user-ann", "../before");
        await PkiAsync(Pki, "rotate", "--authority", "add");
        await PkiAsync(Pki, "rotate", "--authority", "use");
        Assert.Equal((0, ""), Short(await AskAsync("user-ann", "member", "list")));
        Assert.Equal((0, ""), Short(await AskAsync("../before", "member", "list")));
        await PkiAsync(Pki, "rotate", "--authority", "drop");
        Assert.Equal((0, ""), Short(await AskAsync("user-ann", "member", "list")));
        Assert.Equal(1, (await AskAsync("../before", "member", "list")).Code);
    }

    private Task<Product> StartAsync(string more)
    {
        _shop!.Setting.More = $$"""
            admin.tls { certificate = "{{Path("pki/node-a.crt")}}", key = "{{Path("pki/node-a.key")}}", client-authority = "{{Path("pki/ca.crt")}}" }
            {{more}}
            """;
        return Product.StartAsync(_shop.Setting);
    }

    private Task<Printed> AskAsync(string who, params string[] args) => RunAsync([.. args, "--cert-file", Path($"pki/{who}.crt"), "--key-file", Path($"pki/{who}.key")]);

    private Task<Printed> RunAsync(params string[] args) =>
        Mcctl.RunAsync(_shop!.Setting.AdminListen, CancellationToken.None, ["--server", $"https://{_shop.Setting.AdminListen}", "--ca-file", Path("pki/ca.crt"), .. args]);

    private static (int, string) Short(Printed printed) => (printed.Code, printed.Error);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Copy(string from, string to)
    {
        foreach (var ending in new[] { "crt", "key" })
            File.Copy(Path($"pki/{from}.{ending}"), Path($"pki/{to}.{ending}"));
    }

    private async Task PkiAsync(string folder, params string[] args)
    {
        using var said = new StringWriter();
        var code = await Cli.CommandFactory.RunAsync(["pki", .. args, "--dir", Path(folder)], new Cli.CliContext(said, said, static _ => new SocketsHttpHandler(), TimeProvider.System));
        Assert.True(code == 0, said.ToString());
    }

    /// <summary>By the same authority, with a subject that mcctl would not write.</summary>
    private async Task IssueAsync(string subject, string name, int days = 1)
    {
        using var authority = X509Certificate2.CreateFromPemFile(Path("pki/ca.crt"), Path("pki/ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authority.GetECDsaPrivateKey()!), now.AddDays(-2), now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        await File.WriteAllTextAsync(Path($"pki/{name}.crt"), issued.ExportCertificatePem());
        await File.WriteAllTextAsync(Path($"pki/{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
