using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class HandshakeTests
{
    private static readonly ClientCertificates Demand = new(
        ClientVerification.Required, new ClientAuthorities("web/ca", Make.Pem, Make.Pem), CertificateDialect.Community, null, null, TellsCertificate: false);

    [Fact]
    public void Who_signs_is_known_before_a_line_names_it_and_goes_after_the_line()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Certificates(("shop.example", Make.Certificate("c1"))));
        var lines = Tls(proxy.Apply(Make.Delta([Shop("", Demand)], Make.Fragment("cart", "10.0.0.1"))));
        Assert.Equal(
            ["new ssl ca-file", "set ssl ca-file", "commit ssl ca-file", "new ssl ca-file", "set ssl ca-file", "commit ssl ca-file", "new ssl cert", "set ssl cert", "commit ssl cert", "add ssl crt-list", "add map", "del ssl crt-list", "del ssl cert"],
            lines);
        var file = Assert.Single(proxy.Reconciler.Desired.Certificates.Values);
        Assert.Matches(@"^/run/multicluster/current/certs/c1\S+ \[verify optional ca-file /run/multicluster/current/certs/ca-[0-9a-f]{32}\.pem crl-file /run/multicluster/current/certs/crl-[0-9a-f]{32}\.pem\] shop\.example$", file.ListLine(Make.Paths));
        Assert.Equal(Handshake.TrustOf(Demand.Authorities), proxy.Reconciler.Desired.Map(MapName.Trust)["shop.example"]);

        lines = Tls(proxy.Apply(Make.Delta([Shop("", null)])));
        Assert.Equal(["new ssl cert", "set ssl cert", "commit ssl cert", "add ssl crt-list", "del map", "del ssl crt-list", "del ssl cert", "del ssl ca-file", "del ssl ca-file"], lines);
        Assert.Empty(proxy.Reconciler.Desired.Trust);
    }

    [Fact]
    public void Whose_signatures_count_changes_when_the_old_lines_are_gone()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Certificates(("shop.example", Make.Certificate("c1"))));
        proxy.Apply(Make.Delta([Shop("", Demand)], Make.Fragment("cart", "10.0.0.1")));
        var lines = Tls(proxy.Apply(Make.Delta([Shop("", Demand with { Authorities = Demand.Authorities with { Name = "web/other", Revoked = "" } })])));
        Assert.Equal("set map", lines[^1]);
        Assert.Contains("del ssl crt-list", lines);
    }

    [Fact]
    public void Whoever_was_believed_before_a_list_or_an_authority_changed_has_to_show_it_again()
    {
        string[] ids = [.. new[] { Demand.Authorities, Demand.Authorities with { Revoked = Make.Pem + Make.Pem }, Demand.Authorities with { Certificates = Make.Pem + Make.Pem }, Demand.Authorities with { Name = "web/b" } }.Select(Handshake.TrustOf)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Shop("", Demand)], Make.Fragment("cart", "10.0.0.1")));
        desired.Apply(Make.Delta([Shop("", Demand with { Authorities = Demand.Authorities with { Revoked = Make.Pem + Make.Pem } })]));
        Assert.Equal(ids[1], desired.Map(MapName.Trust)["shop.example"]);
        Assert.Contains(desired.Map(MapName.Policies).Values, value => value.Contains(ids[1], StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_takes_back_the_same_is_no_other()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clients", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(Day(0), Day(30));
        Assert.Equal(IdWith(List(1, 7, 100)), IdWith(List(2, 100, 7)));
        Assert.NotEqual(IdWith(List(1, 7)), IdWith(List(2, 7, 8)));
        Assert.NotEqual(IdWith(List(1)), IdWith(List(1, 8)));
        Assert.NotEqual(IdWith(""), IdWith(List(1)));

        static DateTimeOffset Day(int day) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day);

        static string IdWith(string lists) => Handshake.TrustOf(new ClientAuthorities("web/ca", Make.Pem, lists));

        string List(int number, params int[] serials)
        {
            var list = new CertificateRevocationListBuilder();
            foreach (var serial in serials)
                list.AddEntry([(byte)serial], Day(number));
            return PemEncoding.WriteString("X509 CRL", list.Build(authority, number, Day(20 + number), HashAlgorithmName.SHA256, null, Day(number)));
        }
    }

    [Fact]
    public void What_is_demanded_of_a_route_alone_makes_no_connection()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Shop("", Demand with { IsOfRouteOnly = true }), Shop("/b", null)], Make.Fragment("cart", "10.0.0.1")));
        Assert.Empty(desired.Map(MapName.Trust));
        Assert.Empty(desired.Trust);
        Assert.NotNull(desired.PolicyOf(Make.Prefix("shop.example", ""))?.ClientCertificates);
        Assert.Null(desired.PolicyOf(Make.Prefix("shop.example", "/b")));
    }

    [Fact]
    public void What_an_Ingress_demands_holds_for_the_host_s_routes_of_its_namespace()
    {
        var desired = Make.Desired(Make.Slots);
        var another = Make.Route(Make.Prefix("shop.example", "/c"), "cart") with { Ingress = new ObjectKey("bank", "shop") };
        desired.Apply(Make.Delta([Shop("", Demand), Shop("/b", null), another, Make.Route(Make.Prefix("other.example", ""), "cart")]));
        Assert.Equal(Demand, desired.PolicyOf(Make.Prefix("shop.example", "/b"))?.ClientCertificates);
        Assert.Null(desired.PolicyOf(another.Key));
        Assert.Null(desired.PolicyOf(Make.Prefix("other.example", "")));
        desired.Apply(Make.Delta([Shop("/d", null)]));
        Assert.Equal(Demand, desired.PolicyOf(Make.Prefix("shop.example", "/d"))?.ClientCertificates);
        desired.Apply(Make.Delta([Shop("", null)]));
        Assert.Null(desired.PolicyOf(Make.Prefix("shop.example", "/b")));
    }

    [Fact]
    public void A_host_without_a_certificate_of_its_own_has_what_it_would_be_served_with()
    {
        var fallback = FallbackCertificate.Of(Make.Pem)!;
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), null, fallback);
        desired.Apply(Make.Delta([Shop("", Demand)]));
        Assert.Equal(fallback, Assert.Single(desired.Certificates.Values).Certificate);
        desired.Apply(Make.Certificates(("*.example", Make.Certificate("c2"))));
        Assert.Equal(["*.example", "shop.example"], desired.Certificates.Values.Where(static file => file.Certificate.Fingerprint.StartsWith("c2", StringComparison.Ordinal)).SelectMany(static file => file.Hosts).Order(StringComparer.Ordinal));
        desired.Apply(Make.Certificates(("*.example", null)));
        Assert.Equal(fallback, Assert.Single(desired.Certificates.Values).Certificate);
    }

    [Theory]
    [InlineData("-----BEGIN X-----\n\nAAAA\n-----END X-----")]
    [InlineData("shutdown sessions")]
    [InlineData("")]
    public void Authorities_that_cannot_be_given_let_nobody_in(string pem)
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Shop("", Demand with { Authorities = new ClientAuthorities("web/ca", pem, "") })], Make.Fragment("cart", "10.0.0.1")));
        Assert.Empty(desired.Trust);
        Assert.EndsWith("|1026", desired.Map(MapName.Routes)["shop.example/"], StringComparison.Ordinal);
        Assert.Single(desired.Refused);
    }

    [Fact]
    public void Words_that_are_none_are_left_out() => Assert.Null(Handshake.Of(null, new HostTls { Ciphers = "a] b", CipherSuites = "x\ny", MinVersion = "SSLv3", Protocols = "[h2]" }));

    private static Route Shop(string path, ClientCertificates? demand) =>
        Make.Route(Make.Prefix("shop.example", path), "cart") with { Policy = demand is null ? null : new RoutePolicy { ClientCertificates = demand } };

    /// <summary>The commands about TLS, without what they are about; a revocation list is as good as a CA.</summary>
    private static List<string> Tls(IEnumerable<string> lines) => [.. lines
        .Where(static line => line.Contains(" ssl ", StringComparison.Ordinal) || line.Contains("maps/trust.map", StringComparison.Ordinal))
        .Select(static line => string.Join(' ', line.Split(' ').Take(line.Contains(" map ", StringComparison.Ordinal) ? 2 : 3)).Replace("crl-file", "ca-file", StringComparison.Ordinal))];
}
