using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>Secrets that annotations name come with the Ingress, and no others.</summary>
public sealed class AnnotationSecretTests
{
    private const string Auth = "nginx.ingress.kubernetes.io/auth-secret";
    private static readonly ResourceKind[] Others = [ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice];
    private readonly MemberView _view = new(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { HoldsShrinks = true });

    [Theory]
    [InlineData(Auth, "users", "users")]
    [InlineData(Auth, " users ", "users")]
    [InlineData(Auth, "web/users", "users")]
    [InlineData("haproxy.org/auth-secret", "web/users", "users")]
    [InlineData("haproxy-ingress.github.io/auth-secret", "users", "users")]
    [InlineData("ingress.kubernetes.io/auth-tls-secret", "users", "users")]
    [InlineData("nginx.ingress.kubernetes.io/proxy-ssl-secret", "web/users", "users")]
    [InlineData("haproxy-ingress.github.io/auth-secret", "file:///etc/users", "")]
    [InlineData(Auth, "web/users/x", "")]
    [InlineData(Auth, "Users", "")]
    [InlineData(Auth, "", "")]
    // Not on an Ingress, of no controller, not the name of a Secret, refused.
    [InlineData("haproxy.org/client-ca", "users", "")]
    [InlineData("example.com/auth-secret", "users", "")]
    [InlineData("nginx.ingress.kubernetes.io/auth-secret-type", "users", "")]
    public void An_annotation_that_is_about_a_Secret_names_one_of_its_own_namespace(string annotation, string value, string secret)
    {
        var names = SecretAnnotations.Of(Ingress("one", (annotation, value)), []);
        Assert.Equal(secret.Length == 0 ? [] : [Make.Key(secret)], names);
    }

    [Fact]
    public void Services_name_theirs_by_annotations_that_are_read_on_Services()
    {
        var names = SecretAnnotations.Of(
            Ingress("one", (Auth, "users")),
            [Service("shop", ("haproxy-ingress.github.io/secure-crt-secret", "client"), (Auth, "unread")), Service("bill", ("haproxy.org/server-ca", "web/authority"))]);
        Assert.Equal(["authority", "client", "users"], names.Select(static name => name.Name));
    }

    [Fact]
    public void One_that_was_listed_before_anybody_named_it_is_found()
    {
        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [Make.Secret("users", ("auth", "ann:x")), Make.Secret("unnamed", ("auth", "x"))]));
        var copy = CopyAfter(Ingress("one", (Auth, "users")));
        var secret = Assert.Single(copy.AnnotationSecrets);
        Assert.Equal((Make.Key("users"), "Opaque", true), (secret.Key, secret.Type, copy.KnowsSecrets));
        Assert.Equal(Model.Security.Secret.FromText("ann:x"), secret.Find("auth"));
        Assert.Empty(CopyAfter(Ingress("one")).AnnotationSecrets);
        // What nobody names any more republishes nothing.
        Assert.Empty(Put(Make.Secret("users", ("auth", "ann:y"))));
    }

    [Fact]
    public void A_change_of_what_it_holds_republishes_the_Ingresses_that_name_it_and_no_others()
    {
        Put(Service("shop", ("haproxy.org/server-ca", "authority")));
        Put(Ingress("one", (Auth, "users")));
        Put(Ingress("two"));
        Put(Make.Ingress(Make.Rule("three.example", Make.Path("/", "three"))).Named("three"));

        Assert.Equal("one 1", Told(Put(Make.Secret("users", ("auth", "ann:x")))));
        Assert.Equal("one 2, two 1", Told(Put(Make.Secret("authority", ("tls.crt", "ca")))));
        Assert.Equal("one 2", Told(Put(Make.Secret("users", ("auth", "ann:y")))));
        Assert.Equal("", Told(Put(Make.Secret("unnamed", ("auth", "x")))));
        var touched = Make.Secret("users", ("auth", "ann:y"));
        Assert.Equal("", Told(Put(touched with { Meta = touched.Meta with { ResourceVersion = "2" } })));
        Assert.Equal("one 1, two 0", Told(_view.Apply(new MemberEvent.Deleted(ResourceKind.Secret, Make.Key("authority")))));
    }

    [Fact]
    public void An_annotation_of_a_Service_that_changes_names_another_one()
    {
        Put(Make.Secret("a", ("tls.crt", "ca")));
        Put(Make.Secret("b", ("tls.crt", "cb")));
        Put(Ingress("one"));
        Assert.Equal("one 1", Told(Put(Service("shop", ("haproxy.org/server-ca", "a")))));
        Assert.Equal("one 1", Told(Put(Service("shop", ("haproxy.org/server-ca", "b")))));
        Assert.Equal("", Told(Put(Make.Secret("a", ("tls.crt", "other")))));
        Assert.Equal("one 1", Told(Put(Make.Secret("b", ("tls.crt", "other")))));
        Assert.Equal("one 0", Told(_view.Apply(new MemberEvent.Deleted(ResourceKind.Service, Make.Key("shop")))));
        Assert.Equal("", Told(Put(Make.Secret("b", ("tls.crt", "cb")))));
    }

    [Fact]
    public void A_Secret_of_certificates_can_be_named_by_both()
    {
        var stored = Make.Secret("tls", ("ca.crt", "ca"), ("tls.crt", "c"), ("tls.key", "k")) with { Type = TlsSecretResource.SecretType };
        Put(stored);
        var copy = CopyAfter(Ingress("one", ("nginx.ingress.kubernetes.io/auth-tls-secret", "web/tls")) with { Tls = [new IngressTls([], "tls")] });
        Assert.Equal(TlsSecretResource.Of(stored), Assert.Single(copy.Secrets));
        Assert.Equal(["ca.crt", "tls.crt", "tls.key"], Assert.Single(copy.AnnotationSecrets).Data.Select(static entry => entry.Key));
        // A certificate in a Secret of another type is none.
        Put(stored with { Type = "Opaque" });
        copy = Assert.Single(_view.Snapshot().OfType<CopyChange.IngressChanged>()).Copy!;
        Assert.Equal((0, 1), (copy.Secrets.Count, copy.AnnotationSecrets.Count));
    }

    [Fact]
    public void An_Ingress_of_another_class_gets_none()
    {
        Put(Make.Secret("users", ("auth", "ann:x")));
        Assert.Empty(CopyAfter(Ingress("one", (Auth, "users")) with { ClassName = "theirs" }).AnnotationSecrets);
        Assert.Empty(Put(Make.Secret("users", ("auth", "ann:y"))));
    }

    [Fact]
    public void Without_the_right_to_read_them_copies_say_that_they_may_lack_some_and_owners_keep_what_they_had()
    {
        var before = CopyAfter(Ingress("one", (Auth, "users")));
        Assert.False(before.KnowsSecrets);
        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [Make.Secret("users", ("auth", "ann:x"))]));
        before = Assert.Single(_view.Snapshot().OfType<CopyChange.IngressChanged>()).Copy!;
        Assert.True(before.KnowsSecrets);

        var blind = new MemberView(Make.Aws, new ClassOptions(WatchWithoutClass: true));
        foreach (var kind in Others)
            blind.Apply(new MemberEvent.Listed(kind, []));
        blind.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "403"));
        blind.Apply(new MemberEvent.Refused(ResourceKind.Secret));
        Assert.True(blind.IsComplete);
        var after = Assert.IsType<CopyChange.IngressChanged>(Assert.Single(blind.Apply(new MemberEvent.Upserted(Ingress("one", (Auth, "users")))))).Copy!;
        Assert.Equal((false, 0), (after.KnowsSecrets, after.AnnotationSecrets.Count));

        Assert.Equal(before.AnnotationSecrets, KeptSecrets.Of(after, before).AnnotationSecrets);
        Assert.Empty(KeptSecrets.Of(after, null).AnnotationSecrets);
        Assert.Empty(KeptSecrets.Of(after with { KnowsSecrets = true }, before).AnnotationSecrets);
        var other = after with { Ingress = Ingress("one", (Auth, "others")), AnnotationSecrets = [Make.Secret("others", ("auth", "x"))] };
        Assert.Equal(["others"], KeptSecrets.Of(other, before).AnnotationSecrets.Select(static secret => secret.Key.Name));
    }

    [Fact]
    public void A_copy_is_whole_only_with_all_that_its_annotations_name()
    {
        Put(Make.Service("shop"));
        var change = Assert.Single(Put(Ingress("one", (Auth, "users"))));
        Assert.False(MemberView.IsWhole(change));
        Assert.True(MemberView.IsWhole(Assert.Single(Put(Make.Secret("users", ("auth", "x"))))));
    }

    /// <summary>Promise P2 is about what is served: Secrets that have nothing to do with it come and go as they like.</summary>
    [Fact]
    public void Secrets_that_nobody_names_neither_hold_a_list_nor_hide_a_loss()
    {
        var unnamed = Enumerable.Range(0, 20).Select(static i => Make.Secret($"unnamed-{i}", ("a", "x"))).ToArray();
        var named = Enumerable.Range(0, 6).Select(static i => Make.Secret($"users-{i}", ("a", "x"))).ToArray();
        foreach (var secret in named)
            Put(Ingress($"of-{secret.Key.Name}", (Auth, secret.Key.Name)));
        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [.. unnamed, .. named]));
        Assert.Equal(0, Assert.Single(_view.Footprint(), static count => count.Kind == ResourceKind.Secret).Count);

        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [.. named]));
        Assert.Empty(_view.Held);
        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [.. unnamed, .. named]));
        Assert.Equal("", Told(_view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [.. unnamed, .. named[..2]]))));
        Assert.Equal(4, Assert.Single(_view.Held).Count);
    }

    private static IngressResource Ingress(string name, params (string Name, string Value)[] annotations) =>
        Make.Ingress(Make.Rule($"{name}.example", Make.Path("/", "shop"))).With(annotations).Named(name);

    private static ServiceResource Service(string name, params (string Name, string Value)[] annotations) =>
        Make.Service(name) is var service ? service with { Meta = service.Meta with { Annotations = Make.Ingress().With(annotations).Meta.Annotations } } : null!;

    private static string Told(IEnumerable<CopyChange> changes) => string.Join(
        ", ", changes.OfType<CopyChange.IngressChanged>().Select(static change => $"{change.Ingress.Name} {change.Copy?.AnnotationSecrets.Count}"));

    private IReadOnlyList<CopyChange> Put(Resource resource) => _view.Apply(new MemberEvent.Upserted(resource));

    private IngressCopy CopyAfter(IngressResource ingress) => Assert.IsType<CopyChange.IngressChanged>(Assert.Single(Put(ingress))).Copy!;
}
