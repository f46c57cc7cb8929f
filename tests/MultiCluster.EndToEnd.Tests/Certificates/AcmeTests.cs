using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Certificates;

/// <summary>Certificates that an Ingress asks for, from a real authority through a real HAProxy.</summary>
public sealed class AcmeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(90);

    [PebbleTheory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows("haproxy-ingress.github.io/cert-signer"), Shows("kubernetes.io/tls-acme")]
    public async Task An_ingress_that_asks_is_served_with_a_certificate_of_the_authority(HAProxyBinary binary)
    {
        await using var world = await AcmeWorld.StartAsync(binary, Long);
        // Neither a redirection nor a rule of access keeps the authority from looking.
        await world.AddShopAsync("acme-1", "shop.acme.test", AcmeWorld.With("haproxy-ingress.github.io/ssl-redirect: \"true\""));
        await world.AddShopAsync("acme-2", "guarded.acme.test", AcmeWorld.With("haproxy-ingress.github.io/allowlist-source-range: 192.0.2.1"));
        await world.AddShopAsync("acme-3", "tracked.acme.test", "kubernetes.io/tls-acme: \"true\"");
        await world.AddShopAsync("acme-4", "foreign.acme.test", AcmeWorld.With("cert-manager.io/issuer: letsencrypt"));

        await world.UntilCertificateAsync("shop.acme.test");
        await world.UntilCertificateAsync("guarded.acme.test");
        await world.UntilCertificateAsync("tracked.acme.test");
        Assert.Equal("web", (await world.Product.Client.GetAsync("https://shop.acme.test/")).Service);
        await world.Product.UntilStatusAsync("http://shop.acme.test/", 302);
        await world.Product.UntilStatusAsync("https://guarded.acme.test/", 403);

        // The Secret is of the type that anybody else can use, and ours by its label.
        var secret = (await world.Member.GetAsync(ResourcePath.Secrets, "acme-1", "tls"))!;
        Assert.Equal("kubernetes.io/tls", (string?)secret["type"]);
        Assert.Equal("acme", (string?)secret["metadata"]!["labels"]![CertificateSecretWriter.Label]);
        await world.UntilEventAsync("acme-1", "CertificateIssued");

        // Another program's is left to it, and nothing of a challenge stays.
        Assert.Contains("cert-manager.io/issuer", await world.UntilEventAsync("acme-4", "CertificateNotIssued"), StringComparison.Ordinal);
        Assert.Null(await world.Member.GetAsync(ResourcePath.Secrets, "acme-4", "tls"));
        await Await.TrueAsync(async () => !(await world.Product.McctlAsync("routes")).Output.Contains("acme-challenge", StringComparison.Ordinal), "no route of a challenge");
        Assert.Equal(0, (await world.Product.ProxyAsync()).Refused);
        Assert.Empty((await world.Product.ProxyAsync()).ReloadsByReason);
    }

    [PebbleFact]
    public async Task A_certificate_is_renewed_under_load_and_stays_where_the_authority_is_away()
    {
        await using var world = await AcmeWorld.StartAsync(HAProxyBinaries.Default, TimeSpan.FromSeconds(30));
        await world.AddShopAsync("acme-5", "short.acme.test");
        var first = await world.UntilCertificateAsync("short.acme.test");
        await using var load = Load.Start(world.Product.Setting, "https://short.acme.test/", "web", clients: 2);
        var second = await world.UntilCertificateAsync("short.acme.test", first);
        await load.MoreAsync(50);

        await world.EndAuthorityAsync();
        Assert.Contains(world.Authority.Directory.Authority, await world.UntilEventAsync("acme-5", "CertificateNotIssued"), StringComparison.Ordinal);
        Assert.Equal(second, (await world.Product.Client.GetAsync("https://short.acme.test/")).Leaf!.SerialNumber);
        await load.AssertNoneFailedAsync();
    }

    /// <summary>What is there already is somebody's, and a right that is missing is named; what was got is kept until it is granted.</summary>
    [PebbleFact]
    public async Task A_secret_of_somebody_else_and_a_missing_right_are_told()
    {
        await using var world = await AcmeWorld.StartAsync(HAProxyBinaries.Default, Long);
        await world.Member.ApplyAsync(Yaml.TlsSecret("acme-6", "tls", "else.test"));
        await world.AddShopAsync("acme-6", "taken.acme.test");
        Assert.Contains("not ours; delete it", await world.UntilEventAsync("acme-6", "CertificateNotIssued"), StringComparison.Ordinal);
        var kept = (await world.Member.GetAsync(ResourcePath.Secrets, "acme-6", "tls"))!;
        Assert.Null(kept["metadata"]!["labels"]);

        world.Member.Cluster.Faults.Fail(ResourcePath.Secrets, 403, verb: FaultVerb.Write);
        await world.AddShopAsync("acme-7", "denied.acme.test");
        Assert.Contains("grant create on secrets", await world.UntilEventAsync("acme-7", "CertificateNotIssued"), StringComparison.Ordinal);
        world.Member.Cluster.Faults.Clear();
        await world.UntilCertificateAsync("denied.acme.test");
    }
}
