using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class IngressTlsTests
{
    private static readonly TlsSecretResource Valid = Certificates.Secret("tls", Certificates.Ecdsa(["shop.example", "*.shop.example"]));
    private static readonly TlsSecretResource Other = Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"]));
    private static readonly TlsSecretResource Expired =
        Certificates.Secret("tls", Certificates.Ecdsa(["shop.example"], until: Make.Now.AddDays(-1)));

    private static IngressResource Ingress(string[] rules, params string[] hosts) =>
        Make.Ingress([.. rules.Select(static host => Make.Rule(host, Make.Path("/", "shop")))]) with
        {
            Tls = [new IngressTls(hosts.ToEquatableArray(), "tls")],
        };

    [Fact]
    public void Named_hosts_get_the_certificate()
    {
        var fragment = Make.MergeOne(Ingress(["shop.example"], "Shop.example", "*.shop.example"), Valid);

        Assert.Equal(["*.shop.example", "shop.example"], fragment.Certificates.Select(static claim => claim.Host));
        Assert.True(fragment.ConditionOf(ConditionType.ResolvedRefs)!.Status);
    }

    [Fact]
    public void Without_hosts_the_rule_hosts_that_it_covers_get_it()
    {
        var fragment = Make.MergeOne(Ingress(["shop.example", "a.shop.example", "a.b.shop.example", "*.shop.example", "other.example"]), Valid);

        Assert.Equal(["*.shop.example", "a.shop.example", "shop.example"], fragment.Certificates.Select(static claim => claim.Host));
    }

    [Fact]
    public void Without_hosts_anywhere_its_own_names_get_it()
    {
        var fragment = Make.MergeOne(Ingress([""]), Valid);

        Assert.Equal(["*.shop.example", "shop.example"], fragment.Certificates.Select(static claim => claim.Host));
    }

    [Fact]
    public void A_certificate_for_no_host_of_the_rules_is_said()
    {
        var fragment = Make.MergeOne(Ingress(["other.example"]), Valid);

        Assert.Empty(fragment.Certificates);
        Assert.Contains("spec.tls[0].hosts", fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_without_secret_is_left_to_the_default_certificate()
    {
        var ingress = Ingress(["shop.example"]) with { Tls = [new IngressTls(["shop.example"], null)] };

        var fragment = Make.MergeOne(ingress);

        Assert.Empty(fragment.Certificates);
        Assert.True(fragment.ConditionOf(ConditionType.ResolvedRefs)!.Status);
    }

    [Fact]
    public void A_missing_secret_is_named_and_the_routes_are_served()
    {
        var fragment = Make.MergeOne(Ingress(["shop.example"]));

        Assert.Single(fragment.Routes);
        var condition = fragment.ConditionOf(ConditionType.ResolvedRefs)!;
        Assert.Equal((false, Reasons.SecretNotFound), (condition.Status, condition.Reason));
        Assert.Contains("spec.tls[0].secretName names Secret web/tls, which aws does not have", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_named()
    {
        var mixed = Valid with { PrivateKeyPem = Other.PrivateKeyPem };

        var fragment = Make.MergeOne(Ingress(["shop.example"]), mixed);

        Assert.Empty(fragment.Certificates);
        Assert.Equal(Reasons.CertificateKeyMismatch, fragment.ConditionOf(ConditionType.ResolvedRefs)!.Reason);
    }

    [Fact]
    public void An_expired_certificate_is_said_and_still_the_last_resort()
    {
        var fragment = Make.MergeOne(Ingress(["shop.example"], "shop.example"), Expired);

        Assert.Single(fragment.Certificates);
        Assert.Equal(Reasons.CertificateExpired, fragment.ConditionOf(ConditionType.ResolvedRefs)!.Reason);
    }

    [Fact]
    public void XT06_of_two_valid_certificates_the_older_copys_wins()
    {
        var fragment = Make.Merge(
            Ingress(["shop.example"], "shop.example").CreatedOn(2).CopyIn(Make.Aws, Valid),
            Ingress(["shop.example"], "shop.example").CreatedOn(1).CopyIn(Make.Gcp, Other));

        Assert.Equal(Make.Gcp, Assert.Single(fragment.Certificates).Rank.Member);
        Assert.Equal(Reasons.TlsConflict, fragment.ConditionOf(ConditionType.Conflict)!.Reason);
        Assert.Equal(Reasons.TlsConflict, fragment.ConditionOf(ConditionType.Conflict, Make.Gcp)!.Reason);
    }

    [Fact]
    public void XT06_an_expired_certificate_never_displaces_a_valid_one()
    {
        var fragment = Make.Merge(
            Ingress(["shop.example"], "shop.example").CreatedOn(2).CopyIn(Make.Aws, Valid),
            Ingress(["shop.example"], "shop.example").CreatedOn(1).CopyIn(Make.Gcp, Expired));

        Assert.Equal(Make.Aws, Assert.Single(fragment.Certificates).Rank.Member);
    }

    [Fact]
    public void One_certificate_in_all_members_is_no_conflict()
    {
        var ingress = Ingress(["shop.example"], "shop.example");

        var fragment = Make.Merge(ingress.CopyIn(Make.Aws, Valid), ingress.CopyIn(Make.Gcp, Valid));

        Assert.Single(fragment.Certificates);
        Assert.False(fragment.ConditionOf(ConditionType.Conflict)!.Status);
    }

    [Fact]
    public void The_next_change_is_the_first_end_of_validity()
    {
        var cache = new CertificateCache();
        var early = Certificates.Secret("early", Certificates.Ecdsa(["a.example"], until: Make.Now.AddDays(3)));
        var later = Certificates.Secret("later", Certificates.Ecdsa(["a.example"], from: Make.Now.AddDays(1), until: Make.Now.AddDays(9)));
        var copies = new[] { Ingress(["shop.example"]).CopyIn(Make.Aws, early, later, Expired) };

        Assert.Equal(Make.Now.AddDays(1), IngressFederation.NextCertificateChange(copies, Make.Now, cache));
        Assert.Equal(Make.Now.AddDays(3), IngressFederation.NextCertificateChange(copies, Make.Now.AddDays(1), cache));
        Assert.Equal(Make.Now.AddDays(9), IngressFederation.NextCertificateChange(copies, Make.Now.AddDays(3), cache));
        Assert.Null(IngressFederation.NextCertificateChange(copies, Make.Now.AddDays(9), cache));
    }

    [Fact]
    public void The_cache_reads_a_secret_once()
    {
        var cache = new CertificateCache();

        Assert.Same(cache.Read(Valid), cache.Read(Valid));
        Assert.NotSame(cache.Read(Valid), cache.Read(Valid with { Meta = Valid.Meta }));
        Assert.Equal(cache.Read(Valid), cache.Read(Valid with { Meta = Valid.Meta }));
    }
}
