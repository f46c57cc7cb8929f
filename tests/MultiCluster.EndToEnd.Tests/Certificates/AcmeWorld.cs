using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Pebble;

namespace MultiCluster.EndToEnd.Tests.Certificates;

/// <summary>A product that a real authority finds at every name's address.</summary>
internal sealed class AcmeWorld : IAsyncDisposable
{
    private const string Ask = "haproxy-ingress.github.io/cert-signer: acme";

    private readonly string _roots;
    private bool _isAway;

    private AcmeWorld(PebbleServer authority, FederatedMember member, Product product, EchoPods pods, string roots)
    {
        (Authority, Member, Product, Pods, _roots) = (authority, member, product, pods, roots);
    }

    public PebbleServer Authority { get; }

    public FederatedMember Member { get; }

    public Product Product { get; }

    public EchoPods Pods { get; }

    public static async Task<AcmeWorld> StartAsync(HAProxyBinary binary, TimeSpan life)
    {
        var responder = Loopback.NewAddress();
        var authority = await PebbleServer.StartAsync(new PebbleOptions { Responder = responder, CertificateLife = life });
        var roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, authority.RootsPem);
        var member = await FederatedMember.StartAsync("aws");
        var setting = new Setting(binary, [member])
        {
            Http = new IPEndPoint(responder, authority.HttpPort),
            More = $$"""
                acme { enabled = true, directory = "{{authority.Directory}}", ca-file = "{{roots}}", terms-agreed = true, emails = ["ops@shop.example"], tls-acme = true }
                """,
        };
        var product = await Product.StartAsync(setting);
        await product.UntilReadyAsync();
        await member.ApplyAsync(Yaml.IngressClass(Yaml.Class));
        return new AcmeWorld(authority, member, product, await EchoPods.StartAsync(10), roots);
    }

    /// <summary>A Service with a pod, and an Ingress for its host that wants a certificate in Secret "tls".</summary>
    public async Task AddShopAsync(string ns, string host, params string[] annotations)
    {
        var ingress = Yaml.Ingress(ns, "web", host, [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("tls", host));
        var head = ingress.IndexOf("metadata: {", StringComparison.Ordinal) + "metadata: {".Length;
        var all = string.Join(", ", annotations.Length == 0 ? [Ask] : annotations);
        await Member.ApplyAsync(Yaml.Join(
            Yaml.Service(ns, "web"), Yaml.Slice(ns, "web", Pods.Port, Pods.New(1, "aws", ns, "web")), ingress.Insert(head, $"annotations: {{{all}}}, ")));
    }

    public static string With(string annotation) => $"{Ask}, {annotation}";

    /// <summary>Until the host is served with a certificate of the authority, and not with <paramref name="other"/>.</summary>
    /// <returns>Its serial number.</returns>
    public async Task<string> UntilCertificateAsync(string host, string? other = null)
    {
        var answer = await Product.UntilAsync(
            $"https://{host}/", answer => answer.Leaf is { } leaf && leaf.Issuer.Contains("Pebble", StringComparison.Ordinal) && leaf.SerialNumber != other, $"a certificate of the authority that is not {other}");
        Assert.Contains(host, answer.Leaf!.Extensions.OfType<System.Security.Cryptography.X509Certificates.X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        return answer.Leaf.SerialNumber;
    }

    /// <summary>Until an Event on the namespace's Ingress says so.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> UntilEventAsync(string ns, string reason)
    {
        var note = "";
        await Await.NothingMissingAsync(() =>
        {
            var events = Member.Cluster.All(ResourcePath.Events);
            var found = events.FirstOrDefault(item => (string?)item["reason"] == reason && (string?)item["regarding"]?["namespace"] == ns);
            note = (string?)found?["note"] ?? "";
            return Task.FromResult(found is null ? $"an Event {reason} in {ns}; there are {string.Join("; ", events.Select(static item => $"{item["reason"]}: {item["note"]}"))}" : null);
        });
        return note;
    }

    /// <summary>For good.</summary>
    public async Task EndAuthorityAsync()
    {
        if (!_isAway)
            await Authority.DisposeAsync();
        _isAway = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Pods.DisposeAsync();
        await EndAuthorityAsync();
        File.Delete(_roots);
    }
}

public sealed class PebbleFactAttribute : FactAttribute
{
    public PebbleFactAttribute() => Skip = PebbleServer.WhyMissing;
}

public sealed class PebbleTheoryAttribute : TheoryAttribute
{
    public PebbleTheoryAttribute() => Skip = PebbleServer.WhyMissing;
}
