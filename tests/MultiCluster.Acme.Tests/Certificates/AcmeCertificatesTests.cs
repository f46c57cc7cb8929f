using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme.Tests.Certificates;

public sealed class AcmeCertificatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RenewalPolicy Policy = new();
    private static readonly WantedCertificate Shop = Wanted("shop.example", "shop");
    private static readonly WantedCertificate Pay = Wanted("pay.example", "pay");

    /// <summary>Days since the certificate was made and days that it lives, whose hosts it names, and what is ordered; null: nothing.</summary>
    public static TheoryData<int, int, string, RenewalReason?> Contents => new()
    {
        { 0, 0, "", RenewalReason.Missing },
        { 1, 90, "shop.example", null },
        { 1, 90, "shop.example,www.shop.example", null },
        { 1, 90, "www.shop.example", RenewalReason.Missing },
        { 1, 90, "*.example", RenewalReason.Missing },
        { 61, 90, "shop.example", RenewalReason.Expiring },
        { 55, 90, "shop.example", null },
        { 91, 90, "shop.example", RenewalReason.Expired },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void What_a_secret_holds_says_whether_an_order_is_made(int age, int life, string hosts, RenewalReason? reason)
    {
        var plan = Decide([Shop], Holding(("shop", age, life, hosts)));

        Assert.Equal(reason, plan.Orders.IsEmpty ? null : Assert.Single(plan.Orders).Reason);
        Assert.Equal(reason is null, plan.Next > Now);
    }

    [Fact]
    public void Missing_and_expired_ones_come_before_those_that_expire_and_room_is_kept()
    {
        var (first, second) = (Wanted("a.example", "a"), Wanted("b.example", "b"));
        var held = Holding(("shop", 80, 90, "shop.example"), ("a", 95, 90, "a.example"), ("b", 70, 90, "b.example"));

        var plan = Decide([Shop, first, second, Pay], held, maxRunning: 3);
        var full = Decide([Shop, first, second, Pay], held, AcmeState.Empty.Began(first.Id).Began(Pay.Id), maxRunning: 3);

        Assert.Equal(
            [(RenewalReason.Expired, "a.example"), (RenewalReason.Missing, "pay.example"), (RenewalReason.Expiring, "shop.example")],
            plan.Orders.Select(static one => (one.Reason, one.Certificate.Hosts.ToString())).OrderBy(static one => one.Reason == RenewalReason.Expiring).ThenBy(static one => one.Item2));
        Assert.Equal(RenewalReason.Expiring, plan.Orders[2].Reason);
        Assert.Equal("shop.example", Assert.Single(full.Orders).Certificate.Hosts.ToString());
        Assert.Empty(Decide([Shop], held, AcmeState.Empty.Began(Pay.Id), maxRunning: 1).Orders);
    }

    [Fact]
    public void One_that_runs_is_not_ordered_again() => Assert.Empty(Decide([Shop], Holding(), AcmeState.Empty.Began(Shop.Id)).Orders);

    [Fact]
    public void A_second_secret_gets_a_copy_and_no_order()
    {
        var both = new WantedCertificate(Shop.Hosts, [new ObjectKey("web", "one"), new ObjectKey("web", "two")]);
        var one = new ObjectKey("web", "one");
        var two = new ObjectKey("web", "two");

        Assert.Equal([new SecretCopy(one, two)], Decide([both], Holding(("one", 1, 90, "shop.example"))).Copies);
        Assert.Equal([new SecretCopy(two, one)], Decide([both], Holding(("one", 80, 90, "shop.example"), ("two", 1, 90, "shop.example"))).Copies);
        Assert.Empty(Decide([both], Holding(("one", 1, 90, "shop.example"), ("two", 1, 90, "shop.example"))).Copies);
        Assert.Empty(Decide([both], Holding(("one", 95, 90, "shop.example"))).Copies);
        Assert.Empty(Decide([both], Holding(("two", 80, 90, "shop.example"), ("one", 1, 90, "shop.example"))).Orders);
        Assert.Single(Decide([both], Holding(("two", 80, 90, "shop.example"), ("one", 80, 90, "shop.example"))).Orders);
    }

    [Fact]
    public void One_that_failed_waits_and_others_do_not()
    {
        var state = AcmeState.Empty.Began(Shop.Id).Fell(Shop.Id, new AcmeError(AcmeErrorKind.ChallengeFailed, "no"), Policy, Now);

        var plan = Decide([Shop, Pay], Holding(), state);

        Assert.Equal([Pay.Id], plan.Orders.Select(static one => one.Certificate.Id));
        Assert.InRange((plan.Next!.Value - Now).TotalMinutes, 5, 5.5);
        Assert.Equal(2, Decide([Shop, Pay], Holding(), state.Succeeded(Shop.Id)).Orders.Count);
        Assert.Equal(2, Decide([Shop, Pay], Holding(), state, now: Now.AddMinutes(6)).Orders.Count);
    }

    [Theory]
    [InlineData(AcmeErrorKind.Unreachable)]
    [InlineData(AcmeErrorKind.AccountUnknown)]
    [InlineData(AcmeErrorKind.Malformed)]
    public void An_authority_that_is_down_is_not_asked_for_each(AcmeErrorKind kind)
    {
        var state = AcmeState.Empty;
        for (var failures = 0; failures < 3; failures++)
            state = state.Began(Shop.Id).Fell(Shop.Id, new AcmeError(kind, "down"), Policy, Now);

        var plan = Decide([Shop, Pay], Holding(), state);

        Assert.Empty(plan.Orders);
        Assert.InRange((plan.Next!.Value - Now).TotalMinutes, 20, 22);
        Assert.Equal(2, Decide([Shop, Pay], Holding(), state.Succeeded(Pay.Id)).Orders.Count);
    }

    [Fact]
    public void A_limit_pauses_all_a_little_and_its_own_as_long_as_the_authority_says()
    {
        var state = AcmeState.Empty.Fell(Shop.Id, new AcmeError(AcmeErrorKind.RateLimited, "many") { RetryAt = Now.AddDays(2) }, Policy, Now);

        Assert.Empty(Decide([Shop, Pay], Holding(), state).Orders);
        Assert.Equal(Now.AddMinutes(5), Decide([Shop, Pay], Holding(), state).Next);
        Assert.Equal([Pay.Id], Decide([Shop, Pay], Holding(), state, now: Now.AddMinutes(5)).Orders.Select(static one => one.Certificate.Id));
        Assert.Equal(Now.AddDays(2), Decide([Shop], Holding(), state, now: Now.AddMinutes(5)).Next);
    }

    [Fact]
    public void What_nobody_wants_is_forgotten()
    {
        var state = AcmeState.Empty.Fell(Shop.Id, new AcmeError(AcmeErrorKind.Refused, "no"), Policy, Now).Fell(Pay.Id, new AcmeError(AcmeErrorKind.Refused, "no"), Policy, Now);

        Assert.Equal([Pay.Id], state.Keep(new HashSet<CertificateId> { Pay.Id }).Failed.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Through_two_years_with_outages_no_certificate_ends_and_the_authority_is_not_stormed(int seed)
    {
        var run = new AcmeSimulation(seed, certificates: 60, maxRunning: 4);

        run.Run(TimeSpan.FromDays(730));

        Assert.Empty(run.Ended);
        Assert.InRange(run.MostRunning, 1, 4);
        // 60 certificates, 12 to 13 renewals each, and what failed in outages of a day: a try every 8 hours at most, after the first few.
        Assert.InRange(run.Succeeded, 60 * 12, 60 * 14);
        Assert.InRange(run.Failed, 0, 24 * (4 + 14));
        Assert.InRange(run.Decisions, 1, 20_000);
    }

    private static AcmePlan Decide(
        EquatableArray<WantedCertificate> wanted, IReadOnlyDictionary<ObjectKey, HeldCertificate> held, AcmeState? state = null, int maxRunning = 4, DateTimeOffset? now = null) =>
        AcmeCertificates.Decide(wanted, held, state ?? AcmeState.Empty, Policy, maxRunning, now ?? Now);

    private static WantedCertificate Wanted(string host, string secret) => new(new HostSet([host]), [new ObjectKey("web", secret)]);

    private static Dictionary<ObjectKey, HeldCertificate> Holding(params (string Secret, int Age, int Life, string Hosts)[] contents) => contents.Where(static one => one.Life > 0).ToDictionary(
        static one => new ObjectKey("web", one.Secret),
        static one => new HeldCertificate(new Life(Now.AddDays(-one.Age), Now.AddDays(one.Life - one.Age)), one.Hosts.Split(',').ToEquatableArray()));
}
