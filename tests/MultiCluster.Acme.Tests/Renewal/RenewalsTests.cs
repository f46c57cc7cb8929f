using MultiCluster.Acme.Renewal;

namespace MultiCluster.Acme.Tests.Renewal;

public sealed class RenewalsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly HostSet Shop = new(["shop.example"]);

    /// <summary>Life in days, acme-expiring in days, and when it is due: days since it began, without and with all of the spread.</summary>
    public static TheoryData<double, double?, double, double> Lives => new()
    {
        { 90, null, 60, 57 },
        { 90, 30, 60, 57 },
        { 90, 10, 80, 79 },
        { 6, null, 4, 3.8 },
        { 6, 30, 3, 3 },
        { 90, 0, 60, 57 },
        { 90, -5, 60, 57 },
        { 1, null, 0.6666, 0.633 },
    };

    /// <summary>Failures, minutes to the next order without and with all of the spread.</summary>
    public static TheoryData<int, double, double> BackOffs => new()
    {
        { 1, 5, 5.5 },
        { 2, 10, 11 },
        { 3, 20, 22 },
        { 7, 320, 352 },
        { 8, 480, 480 },
        { 1000, 480, 480 },
        { int.MaxValue, 480, 480 },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void A_certificate_is_due_when_its_life_nears_the_end(double days, double? expiring, double latest, double earliest)
    {
        var policy = new RenewalPolicy(expiring is { } left ? TimeSpan.FromDays(left) : null);
        var life = new Life(Start, Start.AddDays(days));

        var decision = Renewals.Decide(Shop, life, null, policy, Start);

        Assert.Equal(RenewalReason.Expiring, decision.Reason);
        Assert.InRange((decision.At - Start).TotalDays, earliest - 0.001, latest + 0.001);
        Assert.False(decision.IsDue(decision.At.AddTicks(-1)));
        Assert.True(decision.IsDue(decision.At));
    }

    [Fact]
    public void Certificates_made_together_are_not_renewed_together()
    {
        var life = new Life(Start, Start.AddDays(90));
        var days = Enumerable.Range(0, 1000)
            .Select(number => (Renewals.Decide(new HostSet([$"shop-{number}.example"]), life, null, new RenewalPolicy(), Start).At - Start).TotalDays)
            .ToList();

        Assert.All(days, static day => Assert.InRange(day, 57, 60));
        for (var day = 57.0; day < 60; day += 0.5)
            Assert.InRange(days.Count(one => one >= day && one < day + 0.5), 120, 220);
    }

    [Theory]
    [MemberData(nameof(BackOffs))]
    public void Failures_wait_twice_as_long_each_time(int count, double least, double most)
    {
        var decision = Renewals.Decide(Shop, null, new Failures(count, Start), new RenewalPolicy(), Start);

        Assert.Equal(RenewalReason.Missing, decision.Reason);
        Assert.InRange((decision.At - Start).TotalMinutes, least, most);
    }

    [Fact]
    public void A_time_that_the_authority_names_counts_where_it_is_later()
    {
        var far = Start.AddDays(3);

        Assert.Equal(far, Renewals.Decide(Shop, null, new Failures(1, Start, far), new RenewalPolicy(), Start).At);
        Assert.True(Renewals.Decide(Shop, null, new Failures(1, Start, Start.AddSeconds(1)), new RenewalPolicy(), Start).At >= Start.AddMinutes(5));
    }

    [Fact]
    public void What_is_missing_or_over_is_due_at_once()
    {
        var now = Start.AddDays(100);

        Assert.Equal(new RenewalDecision(now, RenewalReason.Missing), Renewals.Decide(Shop, null, null, new RenewalPolicy(), now));
        Assert.Equal(new RenewalDecision(now, RenewalReason.Expired), Renewals.Decide(Shop, new Life(Start, Start.AddDays(90)), null, new RenewalPolicy(), now));
        Assert.Equal(new RenewalDecision(now, RenewalReason.Expired), Renewals.Decide(Shop, new Life(now.AddDays(9), now.AddDays(8)), null, new RenewalPolicy(), now));
        Assert.Equal(new RenewalDecision(now, RenewalReason.Expired), Renewals.Decide(Shop, new Life(Start, now), new Failures(0, now), new RenewalPolicy(), now));
    }

    [Fact]
    public void Failures_do_not_hurry_a_renewal_that_is_not_due()
    {
        var life = new Life(Start, Start.AddDays(90));
        var without = Renewals.Decide(Shop, life, null, new RenewalPolicy(), Start);

        Assert.Equal(without, Renewals.Decide(Shop, life, new Failures(4, Start), new RenewalPolicy(), Start));
    }

    [Fact]
    public void A_host_set_has_one_digest_for_good()
    {
        Assert.Equal(new HostSet(["a.example", "b.example"]).Digest, new HostSet(AcmeHosts.Read(["B.example", "a.example", "a.example"]).Value).Digest);
        Assert.Equal("2a191a2b08b137ec8a45", new HostSet(["a.example", "b.example"]).Digest);
    }
}
