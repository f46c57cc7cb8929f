using MultiCluster.Acme;
using MultiCluster.Controller.Acme;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Controller.Tests.Acme;

public sealed class AcmeEntityTests
{
    [Fact]
    public async Task Who_does_not_hold_a_host_gets_no_certificate_for_it_and_is_told_once_an_hour()
    {
        await using var rig = new AcmeRig();
        rig.Holders["bank.example"] = new HashSet<string> { "bank" };
        rig.Live("bank.example");
        await rig.UntilAsync(() => rig.Events.Events.Count > 0, "an Event");
        rig.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal([$"Warning {Reasons.CertificateNotIssued} Ingress"], rig.Events.EventTexts);
        Assert.Contains("bank.example is in spec.tls, but its requests are not those of an Ingress of namespace web", rig.Events.Events[0].Message, StringComparison.Ordinal);
        rig.Pass(TimeSpan.FromMinutes(51));
        Assert.Equal(2, rig.Events.Events.Count);
        Assert.Equal(0, rig.Asked);

        rig.Holders["bank.example"] = new HashSet<string> { "bank", "web" };
        await rig.UntilAsync(() => rig.Asked > 0, "an order");
    }

    [Fact]
    public async Task An_order_that_fails_again_and_again_is_told_once_an_hour()
    {
        await using var rig = new AcmeRig();
        rig.Holders["shop.example"] = new HashSet<string> { "web" };
        rig.Live("shop.example");
        await rig.UntilAsync(() => rig.Events.Events.Count > 0, "an Event");
        var asked = rig.Asked;
        await rig.UntilAsync(() => rig.Asked > asked, "the next order");
        await rig.UntilAsync(() => rig.Asked > asked + 1, "the one after it");
        Assert.Contains("no certificate for shop.example from ca.example", Assert.Single(rig.Events.Events).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_is_refused_ends_its_own_order_only()
    {
        await using var rig = new AcmeRig();
        HttpChallenge[] challenges = [new("bad.example", "t1", "t1.key"), new("good.example", "t2", "t2.key")];
        rig.Programmed = [.. challenges];
        rig.Refused.Add(KeyValuePair.Create("bad.example/.well-known/acme-challenge/t1", "no room"));
        var done = challenges.Select(challenge =>
        {
            var publish = new AcmeChallenges.Publish([challenge], new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
            rig.Entity.Tell(publish);
            return publish.Done.Task;
        }).ToList();
        await rig.UntilAsync(() => done.TrueForAll(static task => task.IsCompleted), "both are told");
        Assert.Contains("does not take a part of it", await done[0], StringComparison.Ordinal);
        Assert.Null(await done[1]);
    }

    [Fact]
    public void What_is_well_again_is_news_when_it_is_not()
    {
        var complaints = new AcmeComplaints();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(complaints.Take("shop", "down", now));
        Assert.True(complaints.Take("shop", "refused", now));
        Assert.True(complaints.Take("bank", "down", now));
        Assert.False(complaints.Take("shop", "down", now.AddMinutes(59)));
        complaints.Forget("shop");
        Assert.True(complaints.Take("shop", "down", now.AddMinutes(59)));
        Assert.False(complaints.Take("bank", "down", now.AddMinutes(59)));
        Assert.True(complaints.Take("bank", "down", now.AddMinutes(60)));
        Assert.Equal(2, complaints.Count);
    }
}
