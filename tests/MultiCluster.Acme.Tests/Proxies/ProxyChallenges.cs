using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Tests.Proxies;

/// <summary>Challenges as routes of one HAProxy.</summary>
internal sealed class ProxyChallenges(ChallengeProxy proxy) : IHttpChallengeStore
{
    public async ValueTask<AcmeError?> PublishAsync(EquatableArray<HttpChallenge> challenges, CancellationToken cancellationToken)
    {
        foreach (var challenge in challenges)
            await proxy.AddRouteAsync(challenge.Host, challenge.Path, $"challenges|{challenge.KeyAuthorization}|web/shop");
        return null;
    }

    public async ValueTask WithdrawAsync(EquatableArray<HttpChallenge> challenges)
    {
        foreach (var challenge in challenges)
            await proxy.DeleteRouteAsync(challenge.Host, challenge.Path);
    }
}
