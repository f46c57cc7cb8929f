using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.EndToEnd.Tests.Survival;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>Who may ask the admin API what, by token and over TLS.</summary>
public sealed class AdminAccessTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
    private Shop? _shop;

    public async Task InitializeAsync() => _shop = await Shop.CreateAsync(HAProxyBinaries.Default);

    public async Task DisposeAsync()
    {
        await _shop!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tokens_have_roles_and_the_history_names_who_ordered()
    {
        await WriteTokensAsync(("ann", "view"), ("bob", "operate"));
        var authority = Authority();
        _shop!.Setting.More = $$"""
            admin.tokens-file = "{{Path("tokens")}}"
            admin.tls { certificate = "{{Path("admin.crt")}}", key = "{{Path("admin.key")}}" }
            """;
        await using var product = await Product.StartAsync(_shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);

        Assert.Equal((0, ""), Short(await AskAsync("ann", "member", "list")));
        Assert.Contains("certificate", (await RunAsync("--token-file", Path("ann"), "member", "list")).Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, "error: the admin API wants a token: mcctl --token-file FILE, or MCCTL_TOKEN_FILE\n"), Short(await RunAsync("--ca-file", authority, "member", "list")));
        Assert.Equal((1, "error: ann has role view, and this needs operate\n"), Short(await AskAsync("ann", "member", "cordon", "gcp")));
        Assert.Equal((1, "error: bob has role operate, and this needs admin\n"), Short(await AskAsync("bob", "cluster", "leave")));
        Assert.Equal(0, (await AskAsync("bob", "member", "cordon", "gcp")).Code);
        await Await.NothingMissingAsync(async () => (await AskAsync("ann", "member", "history", "gcp")).Output is var told && told.Contains("operator, state Drain by bob", StringComparison.Ordinal) ? null : $"that bob did it; it says {told}");
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(authority);
        using var probe = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } });
        Assert.Equal(HttpStatusCode.OK, (await probe.GetAsync($"https://{_shop.Setting.AdminListen}/readyz")).StatusCode);

        // Another file counts at once, one that is no good changes nothing.
        await WriteTokensAsync(("bob", "view"));
        await UntilAsync("bob has role view, and this needs operate");
        await File.WriteAllTextAsync(Path("tokens"), "bob boss 00\n");
        Assert.Equal(0, (await AskAsync("bob", "member", "list")).Code);
        Assert.Contains("nobody has this token", (await AskAsync("ann", "member", "list")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin.tokens-file = \"{0}/none\"", "admin.tokens-file: Could not find file")]
    [InlineData("admin.tokens-file = \"{0}/bad\"", "line 2: the digest of bob is not 64 hexadecimal digits")]
    [InlineData("admin.tls {{ certificate = \"{0}/bad\", key = \"{0}/bad\" }}", "admin.tls: ")]
    public async Task What_can_not_be_used_is_named_at_the_start(string lines, string error)
    {
        await File.WriteAllTextAsync(Path("bad"), "# people\nbob view secret\n");
        _shop!.Setting.More = string.Format(System.Globalization.CultureInfo.InvariantCulture, lines, _folder);
        Assert.Contains(error, (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Product.StartAsync(_shop.Setting))).Message, StringComparison.Ordinal);
    }

    private Task UntilAsync(string refusal) => Await.NothingMissingAsync(async () =>
        await AskAsync("bob", "member", "undrain", "gcp") is var printed && printed.Error.Contains(refusal, StringComparison.Ordinal) ? null : $"\"{refusal}\"; it says {printed}");

    private Task<Printed> AskAsync(string who, params string[] args) => RunAsync(["--token-file", Path(who), "--ca-file", Path("ca.crt"), .. args]);

    private Task<Printed> RunAsync(params string[] args) => Mcctl.RunAsync(_shop!.Setting.AdminListen, CancellationToken.None, ["--server", $"https://{_shop.Setting.AdminListen}", .. args]);

    private static (int, string) Short(Printed printed) => (printed.Code, printed.Error);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private async Task WriteTokensAsync(params (string Name, string Role)[] people)
    {
        var lines = new StringBuilder("# people\n");
        foreach (var (name, role) in people)
        {
            using var output = new StringWriter();
            Assert.Equal(0, await Cli.CommandFactory.RunAsync(["token", "new", name, role], new Cli.CliContext(output, output, static _ => new SocketsHttpHandler(), TimeProvider.System)));
            var words = output.ToString().Split('\n');
            // Who has one keeps it.
            var token = File.Exists(Path(name)) ? await File.ReadAllTextAsync(Path(name)) : words[1];
            await File.WriteAllTextAsync(Path(name), token);
            lines.Append($"{name} {role} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}\n");
            Assert.True(token != words[1] || lines.ToString().EndsWith($"{words[3]}\n", StringComparison.Ordinal));
        }

        await File.WriteAllTextAsync(Path("tokens"), lines.ToString());
    }

    private string Authority()
    {
        using var authority = new TestAuthority("admin authority");
        using var own = authority.Issue($"{_shop!.Setting.AdminListen.Address}");
        File.WriteAllText(Path("ca.crt"), authority.Pem);
        File.WriteAllText(Path("admin.crt"), own.ExportCertificatePem());
        File.WriteAllText(Path("admin.key"), own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Path("ca.crt");
    }
}
