using MultiCluster.Acme.Certificates;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Acme.Tests.Certificates;

public sealed class WantedReaderTests
{
    private const string Signer = "haproxy-ingress.github.io/cert-signer";
    private const string TlsAcme = "kubernetes.io/tls-acme";

    /// <summary>Annotations as key=value, whether kubernetes.io/tls-acme is followed, and whether a certificate is wanted.</summary>
    public static TheoryData<string, bool, bool> Annotations => new()
    {
        { "", true, false },
        { $"{Signer}=acme", false, true },
        { $"{Signer}=ACME ", false, true },
        { $"{Signer}=", true, false },
        { $"{Signer}=vault", true, false },
        { $"{TlsAcme}=true", true, true },
        { $"{TlsAcme}=true", false, false },
        { $"{TlsAcme}=false", true, false },
        { $"{Signer}=none;{TlsAcme}=true", true, false },
        { $"{TlsAcme}=true;cert-manager.io/cluster-issuer=le", true, false },
        { $"{Signer}=acme;cert-manager.io/issuer=le", false, false },
    };

    [Theory]
    [MemberData(nameof(Annotations))]
    public void An_ingress_asks_by_its_annotations(string annotations, bool tracks, bool wants)
    {
        var read = WantedReader.Read([Ingress("web/shop", annotations, Tls("shop-tls", "shop.example"))], tracks, Anybodys);

        Assert.Equal(wants, !read.Certificates.IsEmpty);
        Assert.Equal(annotations.Contains("cert-manager", StringComparison.Ordinal), !read.Problems.IsEmpty);
    }

    [Fact]
    public void A_secret_that_several_name_gets_the_hosts_of_all_in_any_order()
    {
        IngressResource[] ingresses =
        [
            Ours("web/shop", Tls("tls", "shop.example", "WWW.shop.example")),
            Ours("web/cart", Tls("tls", "cart.example", "shop.example")),
            Ours("web/shop", Tls("tls", "shop.example")),
        ];

        var read = WantedReader.Read(ingresses, false, Anybodys);

        Assert.Equal("cart.example, shop.example, www.shop.example", Assert.Single(read.Certificates).Hosts.ToString());
        Assert.Equal(read.Certificates, WantedReader.Read(ingresses.Reverse(), false, Anybodys).Certificates);
        Assert.Empty(read.Problems);
    }

    [Fact]
    public void Secrets_of_one_namespace_share_a_certificate_and_namespaces_share_none()
    {
        var read = WantedReader.Read([Ours("web/a", Tls("one", "shop.example")), Ours("web/b", Tls("two", "shop.example")), Ours("ops/c", Tls("one", "shop.example"))], false, Anybodys);

        Assert.Equal(["ops/one", "web/one, web/two"], read.Certificates.Select(static one => string.Join(", ", one.Secrets.Items)));
        Assert.Equal(read.Certificates[0].Id.Digest, read.Certificates[1].Id.Digest);
        Assert.NotEqual(read.Certificates[0].Id, read.Certificates[1].Id);
    }

    [Fact]
    public void What_can_not_be_had_costs_itself_and_is_said()
    {
        var read = WantedReader.Read(
            [
                Ours("web/shop", Tls("good", "shop.example"), Tls("wild", "*.shop.example"), Tls(null, "x.example"), Tls("Bad_Name", "y.example"), Tls("empty")),
                Ours("web/other", Tls("wild", "other.example")),
            ],
            false,
            Anybodys);

        Assert.Equal("good", Assert.Single(Assert.Single(read.Certificates).Secrets).Name);
        Assert.Equal(4, read.Problems.Count);
        Assert.Equal(2, read.Problems.Count(static problem => problem.Message.Contains("dns-01", StringComparison.Ordinal)));
        Assert.Contains(read.Problems, static problem => problem.Message.Contains("no secretName", StringComparison.Ordinal));
        Assert.Contains(read.Problems, static problem => problem.Message.Contains("Secret empty names no hosts", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_has_no_rule_for_a_host_gets_no_certificate_for_it()
    {
        var read = WantedReader.Read(
            [Ours("web/shop", Tls("own", "shop.example")), Ours("evil/shop", Tls("theirs", "Shop.example", "evil.example"), Tls("all", "bank.example"))],
            false,
            static (space, host) => (space, host) is ("web", "shop.example") or ("evil", "evil.example"));

        Assert.Equal(["evil/theirs evil.example", "web/own shop.example"], read.Certificates.Select(static one => $"{one.Secrets[0]} {one.Hosts}"));
        Assert.Equal(["evil/shop", "evil/shop"], read.Problems.Select(static problem => problem.Ingress.ToString()));
        Assert.All(read.Problems, static problem => Assert.Contains("not those of an Ingress of namespace evil, which gets no certificate for it; add a rule", problem.Message, StringComparison.Ordinal));
    }

    private static bool Anybodys(string space, string host) => true;

    private static IngressTls Tls(string? secret, params string[] hosts) => new(hosts.ToEquatableArray(), secret);

    private static IngressResource Ours(string key, params IngressTls[] tls) => Ingress(key, $"{Signer}=acme", tls);

    private static IngressResource Ingress(string key, string annotations, params IngressTls[] tls) =>
        new(new ObjectMeta(new ObjectKey(key.Split('/')[0], key.Split('/')[1]))
        {
            Annotations = EquatableMap.From(annotations.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static text => KeyValuePair.Create(text.Split('=')[0], text.Split('=')[1]))),
        })
        {
            Tls = tls.ToEquatableArray(),
        };
}
