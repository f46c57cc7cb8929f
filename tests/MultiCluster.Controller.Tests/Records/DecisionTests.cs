using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Tests.Wire;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Records;

public sealed class DecisionTests
{
    private static readonly Cause Cause = new(CauseKind.Observed, null);

    private static readonly EntityId Shop = EntityId.Ingress(Make.Key("shop"));

    private static readonly Gen<Fragment?> Ingress = ModelGen.IngressFragment.OrNull().Select(static fragment => (Fragment?)fragment);

    private static readonly Gen<Fragment?> Backend = ModelGen.BackendFragment.OrNull().Select(static fragment => (Fragment?)fragment);

    private static readonly Gen<Fragment?> Member = ModelGen.MemberFragment.OrNull().Select(static fragment => (Fragment?)fragment);

    [Fact]
    public void Decisions_folded_in_order_give_what_was_published_at_every_moment() => Prop.ForAll(
        Gen.OneOf(Ingress.ListOf(), Backend.ListOf(), Member.ListOf()).ToArbitrary(),
        static fragments =>
        {
            var history = new FragmentHistory(fragments.FirstOrDefault(static fragment => fragment is not null) switch
            {
                Fragment.Backend => EntityId.Backend(Make.Key("shop")),
                Fragment.Member => EntityId.Member(Make.Aws),
                _ => Shop,
            });
            Fragment? before = null;
            foreach (var fragment in fragments.Select(Normal))
            {
                foreach (var decision in DecisionDiff.Between(before, fragment, Cause))
                    history.Apply(decision);
                Assert.Equal(fragment, history.Current);
                before = fragment;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(12));

    [Fact]
    public void Nothing_new_is_no_decision() => Prop.ForAll(ModelGen.Fragment.ToArbitrary(), static fragment =>
        Assert.Empty(DecisionDiff.Between(fragment, fragment, Cause))).Check(Config.QuickThrowOnFailure.WithEndSize(12));

    [Fact]
    public void Any_decisions_in_any_order_can_be_folded() => Prop.ForAll(MessageGen.Decision.ListOf().ToArbitrary(), static decisions =>
    {
        foreach (var entity in new[] { Shop, EntityId.Backend(Make.Key("shop")), EntityId.Member(Make.Aws) })
        {
            var history = new FragmentHistory(entity);
            foreach (var decision in decisions)
                history.Apply(decision);
            _ = history.Current;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50).WithEndSize(20));

    [Fact]
    public void Histories_of_two_ingresses_give_the_table_as_it_was()
    {
        var (old, young) = (Claims("old", "a", day: 1), Claims("young", "b", day: 2));
        var (first, second) = (new FragmentHistory(EntityId.Ingress(old.Key)), new FragmentHistory(EntityId.Ingress(young.Key)));
        foreach (var decision in DecisionDiff.Between(null, young, Cause))
            second.Apply(decision);
        Assert.Equal("b", BackendOf(first, second));
        foreach (var decision in DecisionDiff.Between(null, old, Cause))
            first.Apply(decision);
        Assert.Equal("a", BackendOf(first, second));
        first.Apply(new Decision.EntityGone(Cause));
        Assert.Equal("b", BackendOf(first, second));
    }

    [Fact]
    public void A_conflict_is_raised_when_it_comes_or_changes_and_cleared_when_it_goes()
    {
        var path = new Condition(ConditionType.Conflict, true, Reasons.PathConflict, "one");
        var tls = new Condition(ConditionType.Conflict, true, Reasons.TlsConflict, "two");
        Assert.Equal([new Decision.ConflictRaised(Cause, path)], DecisionDiff.Between([], [path], Cause).AsEnumerable());
        Assert.Equal([new Decision.ConflictRaised(Cause, path with { Message = "three" })], DecisionDiff.Between([path], [path with { Message = "three" }], Cause).AsEnumerable());
        Assert.Equal([new Decision.ConflictCleared(Cause, Reasons.PathConflict), new Decision.ConflictRaised(Cause, tls)], DecisionDiff.Between([path], [tls], Cause).AsEnumerable());
    }

    [Fact]
    public void A_policy_that_changes_or_goes_is_one_decision()
    {
        var plain = Claims("shop", "a", 1);
        var steered = plain with { Traffic = new TrafficPolicy { MinHealthyEndpoints = 2 } };
        Assert.Equal([new Decision.TrafficChanged(Cause, steered.Traffic)], DecisionDiff.Between(plain, steered, Cause).AsEnumerable());
        Assert.Equal([new Decision.TrafficChanged(Cause, null)], DecisionDiff.Between(steered, plain, Cause).AsEnumerable());
        Assert.DoesNotContain(DecisionDiff.Between(null, plain, Cause), static decision => decision is Decision.TrafficChanged);
    }

    [Fact]
    public void What_changes_of_a_member_is_one_decision_and_its_end_another()
    {
        var active = new Fragment.Member(Make.Aws, MemberTraits.Default);
        var drained = active with { Traits = new MemberTraits(MemberState.Drain) };
        Assert.Equal([new Decision.MemberChanged(Cause, Make.Aws, drained.Traits)], DecisionDiff.Between(active, drained, Cause).AsEnumerable());
        Assert.Equal([new Decision.EntityGone(Cause)], DecisionDiff.Between(drained, null, Cause).AsEnumerable());
    }

    [Fact]
    public void What_is_decided_of_a_member_makes_no_ingress()
    {
        var history = new FragmentHistory(Shop);
        history.Apply(new Decision.MemberChanged(Cause, Make.Aws, MemberTraits.Default));
        Assert.Null(history.Current);
    }

    [Fact]
    public void A_replaced_key_is_a_decision_although_it_is_not_in_it()
    {
        var before = WithCertificate("f1", "old key");
        var after = WithCertificate("f2", "new key");
        var decision = Assert.IsType<Decision.CertificateChanged>(Assert.Single(DecisionDiff.Between(before, after, Cause)));
        Assert.Equal("f2", decision.Certificate!.Fingerprint);
        Assert.DoesNotContain("new key", decision.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_entities_are_one_to_one() => Prop.ForAll(ModelGen.Entity.ToArbitrary(), static entity =>
    {
        var key = EntityKeys.Of(entity);
        Assert.All(key, static c => Assert.InRange(c, '!', '~'));
        Assert.Equal(entity, EntityKeys.Parse(key));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void The_key_of_a_member_has_no_namespace() => Assert.Equal("cluster/aws", EntityKeys.Of(EntityId.Member(Make.Aws)));

    [Theory]
    [InlineData("cluster")]
    [InlineData("cluster/web/aws")]
    [InlineData("cluster/a%77s")]
    [InlineData("ingress/web")]
    [InlineData("ingress/web/shop/x")]
    [InlineData("service/web/shop")]
    [InlineData("ingress/w%65b/shop")]
    [InlineData("")]
    public void What_is_no_key_names_no_entity(string key) => Assert.Null(EntityKeys.Parse(key));

    /// <summary>As a fold shows it: in order, each key once, without bytes of certificates, of the history's own entity.</summary>
    /// <summary>Decisions tell of a certificate without its bytes, and of its first kind of key only.</summary>
    private static Fragment? Normal(Fragment? fragment) => fragment switch
    {
        Fragment.Ingress ingress => ingress with
        {
            Key = Make.Key("shop"),
            Routes = ingress.Routes.DistinctBy(static claim => claim.Key).OrderBy(static claim => claim.Key).ToEquatableArray(),
            Certificates = ingress.Certificates.DistinctBy(static claim => claim.Host).OrderBy(static claim => claim.Host, StringComparer.Ordinal)
                .Select(static claim => claim with { Certificate = claim.Certificate with { Pem = new Secret(ReadOnlyMemory<byte>.Empty), Others = [] } }).ToEquatableArray(),
        },
        Fragment.Backend backend => backend with
        {
            Service = Make.Key("shop"),
            Members = backend.Members.DistinctBy(static member => member.Member).OrderBy(static member => member.Member).ToEquatableArray(),
        },
        Fragment.Member member => member with { Name = Make.Aws },
        _ => null,
    };

    private static string? BackendOf(params FragmentHistory[] histories)
    {
        var table = new RoutingTable();
        var version = 0;
        foreach (var fragment in histories.Select(static history => history.Current).OfType<Fragment.Ingress>())
            table.Apply(new FragmentUpdate(EntityId.Ingress(fragment.Key), new FragmentVersion(1, ++version), fragment), DateTimeOffset.UnixEpoch);
        return table.Find("shop.example", "/")?.Backend.Ref.Service.Name;
    }

    private static Fragment.Ingress Claims(string name, string service, int day) => new(
        Make.Key(name),
        [
            new RouteClaim(
                new RouteKey("shop.example", "", PathMatch.Prefix),
                new BackendRef(Make.Key(service), PortRef.Numbered(80)),
                [Make.Aws],
                new Rank(new DateTimeOffset(2025, 1, day, 0, 0, 0, TimeSpan.Zero), Make.Aws, Make.Key(name))),
        ],
        [],
        [Make.Aws],
        []);

    private static Fragment.Ingress WithCertificate(string fingerprint, string pem) => Claims("shop", "a", 1) with
    {
        Certificates =
        [
            new TlsClaim(
                "shop.example",
                new Certificate(fingerprint, Secret.FromText(pem), DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, ["shop.example"]),
                "tls",
                new Rank(DateTimeOffset.UnixEpoch, Make.Aws, Make.Key("shop"))),
        ],
    };
}
