using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Routing;

public sealed class RoutingTableTests
{
    private readonly RoutingTable _table = new();
    private long _version;

    private TableChange Apply(EntityId entity, Fragment? fragment, long? version = null) =>
        _table.Apply(new FragmentUpdate(entity, new FragmentVersion(1, version ?? ++_version), fragment), Make.Now);

    private TableChange ApplyIngress(string name, int day, MemberName member, params IngressPath[] paths) => Apply(
        EntityId.Ingress(Make.Key(name)),
        Make.Merge(Make.Ingress(Make.Rule("shop.example", paths)).Named(name).CreatedOn(day).CopyIn(member)));

    private TableChange ApplyBackend(string name, string address) => Apply(EntityId.Backend(Make.Key(name)), Backend(name, address));

    private static Fragment.Backend Backend(string name, string address) => new(
        Make.Key(name),
        [new MemberBackend(Make.Aws, [new BackendPort("", 80, "", [new BackendEndpoint(address, 8080, "", "", "")])])]);

    private static string[] Text(RoutingDelta delta) =>
    [
        .. delta.Routes.Select(static item => $"{item.Key} = {item.Value?.Backend.ToString() ?? "gone"}"),
        .. delta.Backends.Select(static item => $"{item.Key} = {item.Value?.Members[0].Ports[0].Endpoints[0].Address ?? "gone"}"),
    ];

    [Fact]
    public void A_route_comes_with_its_backend_and_both_leave_together()
    {
        Assert.True(ApplyBackend("a", "10.0.0.1").Delta.IsEmpty);
        Assert.Equal(
            ["shop.example/x (Prefix) = web/a:80@aws", "web/a = 10.0.0.1"], Text(ApplyIngress("one", 1, Make.Aws, Make.Path("/x", "a")).Delta));
        Assert.Equal(["web/a = 10.0.0.2"], Text(ApplyBackend("a", "10.0.0.2").Delta));
        Assert.Equal(["shop.example/y (Prefix) = web/a:80@aws"], Text(ApplyIngress("two", 1, Make.Aws, Make.Path("/y", "a")).Delta));
        Assert.Equal(["shop.example/x (Prefix) = gone"], Text(Apply(EntityId.Ingress(Make.Key("one")), null).Delta));
        Assert.Equal(
            ["shop.example/y (Prefix) = gone", "web/a = gone"], Text(Apply(EntityId.Ingress(Make.Key("two")), null).Delta));
        Assert.True(ApplyBackend("a", "10.0.0.3").Delta.IsEmpty);
        Assert.Equal(5, _table.Version);
        Assert.Empty(Text(_table.Snapshot()));
    }

    [Fact]
    public void A_backend_that_goes_while_a_route_needs_it_leaves_the_route()
    {
        ApplyIngress("one", 1, Make.Aws, Make.Path("/x", "a"));
        Assert.Equal(["web/a = 10.0.0.1"], Text(ApplyBackend("a", "10.0.0.1").Delta));
        Assert.Equal(["web/a = gone"], Text(Apply(EntityId.Backend(Make.Key("a")), null).Delta));
        Assert.Equal(["shop.example/x (Prefix) = web/a:80@aws"], Text(_table.Snapshot()));
    }

    [Fact]
    public void A_version_not_above_the_rows_is_refused_tombstones_included()
    {
        var entity = EntityId.Ingress(Make.Shop);
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("shop.example", Make.Path("/", "a"))));

        Assert.Equal(1, Apply(entity, fragment, 5).Accepted);
        Assert.Equal(0, Apply(entity, null, 5).Accepted);
        Assert.Equal(0, Apply(entity, null, 4).Accepted);
        Assert.Single(_table.Snapshot().Routes);
        Assert.Equal(1, Apply(entity, null, 6).Accepted);
        Assert.Equal(0, Apply(entity, fragment, 6).Accepted);
        Assert.Empty(_table.Snapshot().Routes);
        Assert.Equal(new FragmentUpdate(entity, new FragmentVersion(1, 6), null), _table.Row(entity));
        Assert.Equal(1, _table.Apply(new FragmentUpdate(entity, new FragmentVersion(2, 1), fragment), Make.Now).Accepted);
        Assert.Single(_table.Snapshot().Routes);
        Assert.Single(_table.Rows);
    }

    [Fact]
    public void An_equal_fragment_with_a_newer_version_makes_no_delta()
    {
        ApplyIngress("one", 1, Make.Aws, Make.Path("/x", "a"));

        var change = ApplyIngress("one", 1, Make.Aws, Make.Path("/x", "a"));

        Assert.Equal((1, true, 1L), (change.Accepted, change.Delta.IsEmpty, change.Delta.Version));
    }

    [Fact]
    public void XT09_of_two_ingresses_on_one_path_the_older_wins_and_the_younger_is_told()
    {
        ApplyIngress("a-young", 2, Make.Aws, Make.Path("/x", "b"), Make.Path("/only", "b"));

        var change = ApplyIngress("b-old", 1, Make.Gcp, Make.Path("/x", "a"));

        Assert.Equal(["shop.example/x (Prefix) = web/a:80@gcp"], Text(change.Delta));
        var told = Assert.Single(change.Conflicts);
        Assert.Equal(Make.Key("a-young"), told.Ingress);
        var condition = Assert.Single(told.Conditions);
        Assert.Equal((ConditionType.Conflict, true, Reasons.PathConflict), (condition.Type, condition.Status, condition.Reason));
        Assert.Equal(
            "Ingress web/a-young: shop.example/x (Prefix) belongs to Ingress web/b-old (of gcp, created 2026-01-01 00:00:00Z), "
            + "which sends it to web/a:80, not to web/b:80; change one of the two",
            condition.Message);
        Assert.Equal(told.Conditions, _table.Conflicts(Make.Key("a-young")));
        Assert.Equal("web/a:80@gcp", _table.Find("shop.example", "/x")!.Backend.ToString());
        Assert.Equal("web/b:80", Assert.Single(_table.Explain("shop.example", "/x").LostClaims).Backend.ToString());
    }

    [Fact]
    public void An_unknown_age_is_younger_than_any_known_one_and_is_said()
    {
        var unknown = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "file"))).Named("a-file");
        unknown = unknown with { Meta = unknown.Meta with { CreationTimestamp = null } };
        Apply(EntityId.Ingress(unknown.Key), Make.Merge(unknown.CopyIn(Make.Aws)));

        ApplyIngress("z-real", 28, Make.Gcp, Make.Path("/x", "real"));

        Assert.Equal("web/real:80@gcp", _table.Find("shop.example", "/x")!.Backend.ToString());
        Assert.Contains("created 2026-01-28", Assert.Single(_table.Conflicts(unknown.Key)).Message, StringComparison.Ordinal);
        Assert.Equal("of unknown age", Assert.Single(_table.Explain("shop.example", "/x").LostClaims).Rank.Age);
    }

    [Fact]
    public void XT09_an_edit_of_the_loser_changes_no_route_and_the_winners_going_frees_the_path()
    {
        ApplyIngress("b-old", 1, Make.Gcp, Make.Path("/x", "a"));
        ApplyIngress("a-young", 2, Make.Aws, Make.Path("/x", "b"));

        Assert.True(ApplyIngress("a-young", 2, Make.Aws, Make.Path("/x", "c")).Delta.IsEmpty);

        var change = Apply(EntityId.Ingress(Make.Key("b-old")), null);
        Assert.Equal(["shop.example/x (Prefix) = web/c:80@aws"], Text(change.Delta));
        Assert.Equal(new ConflictChanged(Make.Key("a-young"), []), Assert.Single(change.Conflicts));
    }

    [Fact]
    public void Two_ingresses_with_one_path_and_one_service_share_it()
    {
        ApplyIngress("one", 1, Make.Aws, Make.Path("/x", "a"));

        var change = ApplyIngress("two", 2, Make.Gcp, Make.Path("/x", "a"));

        Assert.Equal(["shop.example/x (Prefix) = web/a:80@aws,gcp"], Text(change.Delta));
        Assert.Empty(change.Conflicts);
        Assert.Equal(["shop.example/x (Prefix) = web/a:80@aws"], Text(Apply(EntityId.Ingress(Make.Key("two")), null).Delta));
    }

    [Fact]
    public void Default_backends_conflict_by_their_own_reason()
    {
        Fragment.Ingress Default(string name) => Make.MergeOne((Make.Ingress() with { DefaultBackend = Make.To(name) }).Named(name));
        Apply(EntityId.Ingress(Make.Key("a")), Default("a"));

        var change = Apply(EntityId.Ingress(Make.Key("b")), Default("b"));

        Assert.Equal(Reasons.DefaultBackendConflict, Assert.Single(Assert.Single(change.Conflicts).Conditions).Reason);
        Assert.Equal("web/a:80", _table.Find("whatever", "/")!.Backend.Ref.ToString());
    }

    [Fact]
    public void A_batch_is_one_delta_of_what_ends_up_different()
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("shop.example", Make.Path("/", "a"))));
        var entity = EntityId.Ingress(Make.Shop);

        var change = _table.Apply(
        [
            new FragmentUpdate(entity, new FragmentVersion(1, 1), fragment),
            new FragmentUpdate(EntityId.Backend(Make.Key("a")), new FragmentVersion(1, 1), Backend("a", "10.0.0.1")),
            new FragmentUpdate(EntityId.Backend(Make.Key("a")), new FragmentVersion(1, 2), Backend("a", "10.0.0.2")),
            new FragmentUpdate(entity, new FragmentVersion(1, 1), null),
        ],
            Make.Now);

        Assert.Equal(3, change.Accepted);
        Assert.Equal(["shop.example/ (Prefix) = web/a:80@aws", "web/a = 10.0.0.2"], Text(change.Delta));
        Assert.Equal(1, _table.Version);
        Assert.True(_table.Apply(
            [new FragmentUpdate(entity, new FragmentVersion(1, 2), null), new FragmentUpdate(entity, new FragmentVersion(1, 3), fragment)],
            Make.Now).Delta.IsEmpty);
    }

    [Fact]
    public void Explain_tells_why_a_request_is_refused_and_what_else_matched()
    {
        ApplyIngress("one", 1, Make.Aws, Make.Path("/", "root"), Make.Path("/x", "a"), Make.Path("/x", "b", "Exact"));

        var explained = _table.Explain("SHOP.example:8080", "/x?q=1");

        Assert.Equal(("shop.example", "/x", "b"), (explained.Host, explained.Path, explained.Match!.Backend.Ref.Service.Name));
        Assert.Equal(["b", "a", "root"], explained.Candidates.Select(static route => route.Backend.Ref.Service.Name));
        Assert.Contains("dot segment", _table.Explain("shop.example", "/x/../y").Refusal, StringComparison.Ordinal);
        Assert.Contains("a/b", _table.Explain("a/b", "/").Refusal, StringComparison.Ordinal);
        Assert.Null(_table.Find("other.example", "/x"));
    }

    private void ApplyTls(string name, int day, TlsSecretResource secret, string host = "shop.example") => Apply(
        EntityId.Ingress(Make.Key(name)),
        Make.Merge((Make.Ingress(Make.Rule(host, Make.Path($"/{name}", "a"))) with { Tls = [new IngressTls([host], "tls")] })
            .Named(name).CreatedOn(day).CopyIn(Make.Aws, secret)));

    private static string FingerprintOf(TlsSecretResource secret) =>
        ((CertificateReading.Valid)new CertificateCache().Read(secret)).Certificate.Fingerprint;

    [Fact]
    public void XT06_a_certificate_that_expires_gives_way_to_a_valid_one_and_comes_back_when_renewed()
    {
        var old = Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"], until: Make.Now.AddDays(1)));
        var young = Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"], until: Make.Now.AddDays(9)));
        ApplyTls("young", 2, young);
        Assert.Null(_table.NextCertificateExpiry);
        ApplyTls("old", 1, old);

        Assert.Equal(FingerprintOf(old), Assert.Single(_table.Snapshot().Certificates).Value!.Fingerprint);
        Assert.Equal(Reasons.TlsConflict, Assert.Single(_table.Conflicts(Make.Key("young"))).Reason);
        Assert.Equal(Make.Now.AddDays(1), _table.NextCertificateExpiry);
        Assert.True(_table.Reevaluate(Make.Now.AddHours(23)).Delta.IsEmpty);

        var change = _table.Reevaluate(Make.Now.AddDays(1));

        Assert.Equal(FingerprintOf(young), Assert.Single(change.Delta.Certificates).Value!.Fingerprint);
        Assert.Equal([Make.Key("old"), Make.Key("young")], change.Conflicts.Select(static item => item.Ingress));
        Assert.Equal(Make.Now.AddDays(9), _table.NextCertificateExpiry);

        var both = _table.Reevaluate(Make.Now.AddDays(10));
        Assert.Equal(FingerprintOf(old), Assert.Single(both.Delta.Certificates).Value!.Fingerprint);
        Assert.Null(_table.NextCertificateExpiry);
    }

    [Fact]
    public void A_certificate_is_found_by_exact_host_then_wildcard()
    {
        ApplyTls("wild", 1, Certificates.Secret("tls", Certificates.Ecdsa(["*.example"])), "*.example");
        ApplyTls("exact", 1, Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"])));

        Assert.Equal("shop.example", _table.Explain("shop.example", "/").CertificateHost);
        Assert.Equal("*.example", _table.Explain("other.example", "/").CertificateHost);
        Assert.Null(_table.Explain("a.other.example", "/").CertificateHost);
    }

    [Fact]
    public void A_certificate_goes_with_its_claim()
    {
        ApplyTls("one", 1, Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"])));

        var change = Apply(EntityId.Ingress(Make.Key("one")), null);

        Assert.Equal(KeyValuePair.Create("shop.example", (Certificate?)null), Assert.Single(change.Delta.Certificates));
    }
}
