using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Certificates;

/// <summary>Hosts with certificates of several kinds of keys, and the certificate of names that no other covers; all of it changes at run time.</summary>
public sealed class KindsOfKeysTests
{
    private const string More = """
        members.aws.home = true
        haproxy.settings.config-map = "ingress/settings"
        haproxy.tls.default-certificate = "kk/default"
        """;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows("haproxy.org/ssl-certificate", IsUnderLoad = true)]
    public async Task Clients_get_the_certificate_that_they_can_take_and_other_names_the_default_one_from_its_Secret(HAProxyBinary binary)
    {
        await using var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws")], More, pods: 10);
        await world.AddServiceAsync("kk", "web", ("aws", 1));
        var (rsa, ecdsa) = (Pair("rsa", isRsa: true), Pair("ecdsa"));
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress("kk", "both", "both.kk.test", [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("both", "both.kk.test")),
            Yaml.Ingress("kk", "two", "two.kk.test", [Yaml.Path("/", "Prefix", "web")], tls: $"{Yaml.Tls("old", "two.kk.test")}  - {{secretName: new, hosts: [two.kk.test]}}\n"),
            Both(rsa, ecdsa),
            Secret("old", rsa),
            Secret("new", ecdsa)));
        foreach (var host in new[] { "both.kk.test", "two.kk.test" })
        {
            await UntilAsync(world, host, isRsa: true, "rsa");
            await UntilAsync(world, host, isRsa: false, "ecdsa");
        }

        // One of them is renewed; the other stays.
        await world.ApplyToAllAsync(Both(rsa, Pair("renewed")));
        await UntilAsync(world, "both.kk.test", isRsa: false, "renewed");
        await UntilAsync(world, "both.kk.test", isRsa: true, "rsa");
        await UntilAsync(world, "two.kk.test", isRsa: false, "ecdsa");

        await using var load = Load.Start(world.Product.Setting.Http, world.Product.Setting.Https, new LoadOptions([new Target("http://both.kk.test/", "web"), new Target("https://two.kk.test/", "web")], Clients: 1));
        // The Secret comes late, is renewed, and another one takes its place; without any the agent's own certificate is back.
        await UntilAsync(world, "other.kk.test", isRsa: false, "MultiCluster default certificate");
        await world.ApplyToAllAsync(Secret("default", Pair("first")));
        await UntilAsync(world, "other.kk.test", isRsa: false, "first");
        await world.ApplyToAllAsync(Secret("default", Pair("second")));
        await UntilAsync(world, "other.kk.test", isRsa: false, "second");
        await world.ApplyToAllAsync(Yaml.Join(Secret("third", Pair("third")), Settings("ssl-certificate: kk/third")));
        await UntilAsync(world, "other.kk.test", isRsa: false, "third");
        await world.ApplyToAllAsync(Settings("ssl-certificate: \"no name\""));
        await UntilAsync(world, "both.kk.test", isRsa: true, "rsa");
        Assert.Equal("third", await NameAsync(world, "other.kk.test", isRsa: false));
        await world.ApplyToAllAsync(Settings("ssl-certificate: kk/third"));
        await load.AssertNoneFailedAsync();
        await world.AssertUndisturbedAsync();

        // Who comes anew takes nothing back before all has been read, and HAProxy starts with it.
        await world.Product.StopControllerAsync();
        await world.Product.StartControllerAsync();
        await world.Product.UntilReadyAsync();
        Assert.Equal("third", await NameAsync(world, "other.kk.test", isRsa: false));
        await world.ApplyToAllAsync(Settings(""));
        await UntilAsync(world, "other.kk.test", isRsa: false, "second");
    }

    private static string Settings(string line) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{namespace: ingress, name: settings}}\ndata: {{{line}}}\n";

    private static string Secret(string name, (string Certificate, string Key) pair) => Yaml.Secret("kk", name, pair.Certificate, pair.Key);

    private static string Both((string Certificate, string Key) rsa, (string Certificate, string Key) ecdsa) => $$"""
        apiVersion: v1
        kind: Secret
        type: Opaque
        metadata: {name: both, namespace: kk}
        data: {rsa.crt: {{Encoded(rsa.Certificate)}}, rsa.key: {{Encoded(rsa.Key)}}, ecdsa.crt: {{Encoded(ecdsa.Certificate)}}, ecdsa.key: {{Encoded(ecdsa.Key)}}}

        """;

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static (string Certificate, string Key) Pair(string name, bool isRsa = false)
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = isRsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ecdsa, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return (certificate.ExportCertificatePem(), isRsa ? rsa.ExportPkcs8PrivateKeyPem() : ecdsa.ExportPkcs8PrivateKeyPem());
    }

    private static Task UntilAsync(FederatedWorld world, string host, bool isRsa, string name) => Await.NothingMissingAsync(async () =>
    {
        var seen = await NameAsync(world, host, isRsa);
        return seen == name ? null : $"certificate {name} of {host} for who takes {(isRsa ? "RSA" : "ECDSA")}; it is {seen}";
    });

    /// <summary>Common name of what a client gets that takes keys of one kind alone.</summary>
    private static async Task<string> NameAsync(FederatedWorld world, string host, bool isRsa)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(world.Product.Setting.Https, limit.Token);
        var name = "";
        try
        {
#pragma warning disable CA5359, CA5398, CA1416 // The certificates are the test's own, and TLS 1.3 names no kind of key in its ciphers.
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12,
                    CipherSuitesPolicy = new CipherSuitesPolicy([isRsa ? TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 : TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]),
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        using var leaf = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                        name = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
                        return true;
                    },
                },
                limit.Token);
#pragma warning restore CA5359, CA5398, CA1416
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return $"none ({error.Message})";
        }

        return name;
    }
}
