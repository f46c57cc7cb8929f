using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>What hands leave in HAProxy, and what HAProxy itself refuses, costs nobody else anything and is shown.</summary>
public sealed class ForeignHandTests
{
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Entries_that_no_Ingress_could_make_are_deleted(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        await product.StopControllerAsync();
        var map = Path.Combine(shop.Setting.StateDirectory, "current/maps/routes.map");
        await CommandAsync(shop, $"add map {map} we\\\"ird/x foo");
        await CommandAsync(shop, $"add map {map} sem\\;icolon/\u00e4 slot-0||by\\ hand");
        await CommandAsync(shop, $"add map {map} by-hand.test/ slot-0||by/hand");

        await product.StartControllerAsync();
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
        var left = await CommandAsync(shop, $"show map {map}");
        Assert.Single(left.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, (await product.ProxyAsync()).Refused);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_certificate_change_that_was_never_finished_holds_up_no_certificate(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var certificate = Path.Combine(shop.Setting.StateDirectory, "current/certs/default.pem");
        var pem = await File.ReadAllTextAsync(certificate);
        Assert.Contains("Transaction created", await CommandAsync(shop, $"set ssl cert {certificate} <<\n{pem.TrimEnd()}\n"), StringComparison.Ordinal);

        await shop.Setting.Members[0].ApplyAsync(Tls(Yaml.TlsSecret("shop", "good", "good.test"), "good"));

        await product.UntilAsync("https://good.test/", static answer => answer.Leaf?.Subject == "CN=good.test", "its certificate");
        Assert.Equal(0, (await product.ProxyAsync()).Refused);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_certificate_that_HAProxy_refuses_is_shown_and_left_out_of_the_start_file(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);

        await shop.Setting.Members[0].ApplyAsync(Yaml.Join(
            Tls(WeakSecret("weak"), "weak"), Tls(Yaml.TlsSecret("shop", "good", "good.test"), "good")));

        await product.UntilAsync("https://good.test/", static answer => answer.Leaf?.Subject == "CN=good.test", "its certificate");
        var refused = await UntilRefusedAsync(product);
        Assert.Contains("weak.test", refused.Refused.Single().Item, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Refused.Single().Reason);
        Assert.Equal("Serving", refused.Proxy.State);
        Assert.Contains("1 refused", refused.Proxy.StateReason, StringComparison.Ordinal);
        await product.UntilServiceAsync("http://weak.test/", Shop.Service);

        // With it HAProxy would not come up.
        await product.UntilStartFileAsync();
        using (var master = System.Diagnostics.Process.GetProcessById(refused.Proxy.MasterPid))
            master.Kill();
        await Await.NothingMissingAsync(async () => await product.ProxyAsync() is { State: "Serving", MasterPid: var now } && now != refused.Proxy.MasterPid ? null : "another HAProxy");
        await product.UntilAsync("https://good.test/", static answer => answer.Leaf?.Subject == "CN=good.test", "its certificate");
    }

    private static async Task<ProxyDetailView> UntilRefusedAsync(Product product)
    {
        ProxyDetailView? view = null;
        await Await.NothingMissingAsync(async () =>
        {
            view = await product.Admin.ProxyAsync("local", CancellationToken.None);
            return view!.Refused.Count == 1 && view.Proxy.StateReason is not null ? null : $"one refusal; there are {string.Join(", ", view.Refused)}";
        });
        return view!;
    }

    private static string Tls(string secret, string name) => Yaml.Join(
        secret, Yaml.Ingress(Shop.Service, name, $"{name}.test", [Yaml.Path("/", "Prefix", Shop.Service)], tls: Yaml.Tls(name, $"{name}.test")));

    /// <summary>On a curve so small (P-192) that OpenSSL refuses to serve it; of curves Federation judges none.</summary>
    private static string WeakSecret(string name)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue("1.2.840.10045.3.1.1"));
        var request = new CertificateRequest($"CN={name}.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"{name}.test");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return Yaml.Secret(Shop.Service, name, certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>As an operator would, with socat.</summary>
    private static async Task<string> CommandAsync(Shop shop, string command)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(shop.Setting.StateDirectory, "worker.sock")));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"));
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Trim();
    }
}
