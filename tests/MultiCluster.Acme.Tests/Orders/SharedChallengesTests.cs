using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Orders;

public sealed class SharedChallengesTests
{
    private static readonly HttpChallenge One = new("one.example", "t1", "t1.key");
    private static readonly HttpChallenge Two = new("two.example", "t2", "t2.key");

    [Fact]
    public async Task The_last_order_takes_a_challenge_back()
    {
        var responder = new Responder();
        using var shared = new SharedChallenges(responder);

        Assert.Null(await shared.PublishAsync([One, Two], CancellationToken.None));
        Assert.Null(await shared.PublishAsync([One], CancellationToken.None));
        Assert.Equal([One, Two], responder.Seen);

        await shared.WithdrawAsync([One, Two]);
        Assert.False(responder.IsEmpty, "another order still needs one");
        await shared.WithdrawAsync([One]);
        Assert.True(responder.IsEmpty, "nobody needs it");
        await shared.WithdrawAsync([One]);

        Assert.Null(await shared.PublishAsync([One], CancellationToken.None));
        Assert.Equal(3, responder.Seen.Count);
    }

    [Fact]
    public async Task What_did_not_reach_every_proxy_is_tried_again_by_the_next()
    {
        var responder = new Responder { Refusal = new AcmeError(AcmeErrorKind.NotPublished, "edge-2 did not take it") };
        using var shared = new SharedChallenges(responder);

        Assert.Equal(responder.Refusal, await shared.PublishAsync([One], CancellationToken.None));
        responder.Refusal = null;
        Assert.Null(await shared.PublishAsync([One], CancellationToken.None));
        await shared.WithdrawAsync([One]);
        Assert.False(responder.IsEmpty, "the second order still needs it");
        await shared.WithdrawAsync([One]);
        Assert.True(responder.IsEmpty, "nobody needs it");
    }
}
