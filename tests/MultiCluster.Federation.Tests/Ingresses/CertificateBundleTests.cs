using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>Certificates with keys of several kinds for one host, and the one for names that no other covers.</summary>
public sealed class CertificateBundleTests
{
    private static readonly (string Certificate, string Key) Rsa = Certificates.Rsa(["shop.example"]);
    private static readonly (string Certificate, string Key) Ecdsa = Certificates.Ecdsa(["shop.example"]);
    private static readonly (string Certificate, string Key) Expired = Certificates.Ecdsa(["shop.example"], until: Make.Now.AddDays(-1));

    private static IngressResource Ingress(params string[] secrets) => Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))) with
    {
        Tls = [.. secrets.Select(static name => new IngressTls(["shop.example"], name))],
    };

    private static TlsSecretResource Bundle(params (string Kind, (string Certificate, string Key) Pair)[] pairs) => TlsSecretResource.Of(Make.Secret(
        "tls", [.. pairs.SelectMany(static pair => new[] { ($"{pair.Kind}.crt", pair.Pair.Certificate), ($"{pair.Kind}.key", pair.Pair.Key) })]))!;

    private static int KindsOf(Fragment.Ingress fragment) => Assert.Single(fragment.Certificates).Certificate.Others.Count + 1;

    [Fact]
    public void A_Secret_may_hold_one_certificate_for_each_kind_of_key()
    {
        var fragment = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", Ecdsa), ("rsa", Rsa)));

        Assert.Equal(2, KindsOf(fragment));
        Assert.True(fragment.ConditionOf(ConditionType.ResolvedRefs)!.Status);
        Assert.False(fragment.ConditionOf(ConditionType.Conflict)!.Status);
    }

    [Fact]
    public void A_Secret_without_certificates_by_type_or_keys_is_none() => Assert.Null(TlsSecretResource.Of(Make.Secret("tls", ("rsa.key", "x"), ("tls.crt", "x"))));

    [Fact]
    public void Two_Secrets_of_one_Ingress_with_keys_of_two_kinds_are_served_both()
    {
        var fragment = Make.MergeOne(Ingress("a", "b"), Certificates.Secret("a", Rsa), Certificates.Secret("b", Ecdsa));

        Assert.Equal(2, KindsOf(fragment));
        Assert.Equal("a, b", fragment.Certificates[0].SecretName);
        Assert.False(fragment.ConditionOf(ConditionType.Conflict)!.Status);
    }

    [Fact]
    public void Of_two_Secrets_with_keys_of_one_kind_the_first_counts_and_the_other_is_told()
    {
        var fragment = Make.MergeOne(Ingress("a", "b", "c"), Certificates.Secret("a", Rsa), Certificates.Secret("b", Ecdsa), Certificates.Secret("c", Certificates.Ecdsa(["shop.example"])));

        Assert.Equal(2, KindsOf(fragment));
        Assert.Contains("that of Secret c of aws is another, and not used", fragment.ConditionOf(ConditionType.Conflict)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_valid_now_is_not_served_beside_one_that_is()
    {
        var fragment = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", Expired), ("rsa", Rsa)));

        Assert.Equal(1, KindsOf(fragment));
        Assert.True(fragment.Certificates[0].Certificate.IsValidAt(Make.Now));
        Assert.Equal(Reasons.CertificateExpired, fragment.ConditionOf(ConditionType.ResolvedRefs)!.Reason);
    }

    [Fact]
    public void A_pair_that_is_no_good_takes_nothing_from_the_others()
    {
        var fragment = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", (Ecdsa.Certificate, Rsa.Key)), ("rsa", Rsa)));

        Assert.Equal(1, KindsOf(fragment));
        Assert.Contains("names Secret web/tls, of which one certificate is left out: ecdsa.key", fragment.ConditionOf(ConditionType.ResolvedRefs)!.Message, StringComparison.Ordinal);
        var none = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", (Ecdsa.Certificate, Rsa.Key))));
        Assert.Empty(none.Certificates);
        Assert.Contains("ecdsa.key", none.ConditionOf(ConditionType.ResolvedRefs)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_of_the_whole_changes_gives_all_parts_other_fingerprints()
    {
        var before = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", Ecdsa), ("rsa", Rsa))).Certificates[0].Certificate;
        var after = Make.MergeOne(Ingress("tls"), Bundle(("ecdsa", Certificates.Ecdsa(["shop.example"])), ("rsa", Rsa))).Certificates[0].Certificate;

        Assert.Equal(4, before.Others.Append(before).Concat(after.Others).Append(after).Select(static part => part.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void The_default_certificate_is_as_the_configuration_says_or_before_it_the_settings()
    {
        var map = new ObjectKey("ingress", "settings");
        var view = new MemberView(Make.Aws, new ClassOptions("x", false), new MemberViewOptions
        {
            Settings = new SettingsSource(map, "haproxy.org/"), DefaultCertificate = Make.Key("first"),
        });
        foreach (var kind in view.Kinds.Where(static kind => kind != ResourceKind.Secret))
            view.Apply(new MemberEvent.Listed(kind, []));
        view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [Certificates.Stored("first", Rsa), Certificates.Stored("second", Ecdsa)]));
        Assert.Null(SecretOf(view, "web"));
        view.Apply(new MemberEvent.Listed(ResourceKind.ConfigMap, []));
        Assert.Equal("first", SecretOf(view, "web"));

        view.Apply(new MemberEvent.Listed(ResourceKind.ConfigMap, [Map(map, "web/second")]));
        Assert.Equal("second", SecretOf(view, "web"));
        Assert.Empty(view.Apply(new MemberEvent.Upserted(Map(map, "no name"))));
        view.Apply(new MemberEvent.Upserted(Map(map, "here")));
        Assert.Null(SecretOf(view, "web"));
        Assert.Contains("Secret ingress/here, which aws does not have", FragmentOf(view, "ingress").ConditionOf(ConditionType.ResolvedRefs)!.Message, StringComparison.Ordinal);
        view.Apply(new MemberEvent.Deleted(ResourceKind.ConfigMap, map));
        Assert.Equal("first", SecretOf(view, "web"));
    }

    [Fact]
    public void No_Ingress_can_say_what_the_default_certificate_is()
    {
        var fragment = Make.MergeOne(Ingress("tls") with { Tls = [new IngressTls([TlsClaim.AnyHost], "tls")] }, Certificates.Secret("tls", Rsa));
        Assert.Empty(fragment.Certificates);

        var view = new MemberView(Make.Aws, new ClassOptions("x", true), new MemberViewOptions { DefaultCertificate = Make.Key("first") });
        foreach (var kind in view.Kinds)
            view.Apply(new MemberEvent.Listed(kind, []));
        view.Apply(new MemberEvent.Upserted(Certificates.Stored("first", Rsa)));

        // Nor switch it off by an Ingress of the name under which it is followed.
        view.Apply(new MemberEvent.Upserted(Ingress("first").Named(MemberView.DefaultCertificateName)));
        Assert.Equal(TlsClaim.AnyHost, Assert.Single(FragmentOf(view, "web").Certificates).Host);
        Assert.Empty(FragmentOf(view, "web").Routes);
        Assert.Contains(
            "metadata.name is kept for the default certificate, so that the Ingress of this name is not served; give it another name",
            FragmentOf(view, "web").ConditionOf(ConditionType.PartiallyInvalid)!.Message,
            StringComparison.Ordinal);
        view.Apply(new MemberEvent.Deleted(ResourceKind.Ingress, new ObjectKey("web", MemberView.DefaultCertificateName)));
        Assert.Null(FragmentOf(view, "web").ConditionOf(ConditionType.PartiallyInvalid));
    }

    private static string? SecretOf(MemberView view, string space) => CopyOf(view, space) is { } copy
        ? Assert.Single(Make.Merge(copy).Certificates, static claim => claim.Host == TlsClaim.AnyHost).SecretName
        : null;

    private static Fragment.Ingress FragmentOf(MemberView view, string space) => Make.Merge(CopyOf(view, space)!);

    private static IngressCopy? CopyOf(MemberView view, string space) => view.Snapshot().OfType<CopyChange.IngressChanged>()
        .SingleOrDefault(change => change.Key == new ObjectKey(space, MemberView.DefaultCertificateName))?.Copy;

    private static ConfigMapResource Map(ObjectKey key, string value) =>
        new(new ObjectMeta(key)) { Data = EquatableMap.From([new("ssl-certificate", value)]) };
}
