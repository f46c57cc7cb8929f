using System.Collections.Immutable;
using MultiCluster.Acme;
using MultiCluster.Actors;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Acme;

/// <summary>Hands challenges to their owner, whose routes they become, and waits until the proxies hold them.</summary>
internal sealed class AcmeChallenges(IActorRef owner, TimeSpan propagation, TimeProvider time) : IHttpChallengeStore
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public async ValueTask<AcmeError?> PublishAsync(EquatableArray<HttpChallenge> challenges, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        owner.Tell(new Publish(challenges, done));
        try
        {
            if (await done.Task.WaitAsync(Deadline, time, cancellationToken) is { } problem)
                return new AcmeError(AcmeErrorKind.NotPublished, $"challenges: {problem}");
        }
        catch (TimeoutException)
        {
            done.TrySetCanceled(CancellationToken.None);
            return new AcmeError(AcmeErrorKind.NotPublished, $"challenges: not all proxies have taken them within {Deadline.TotalSeconds:0} s; \"mcctl proxy list\" tells which are behind");
        }

        if (propagation > TimeSpan.Zero)
            await Task.Delay(propagation, time, cancellationToken);
        return null;
    }

    public ValueTask WithdrawAsync(EquatableArray<HttpChallenge> challenges)
    {
        owner.Tell(new Withdraw(challenges));
        return default;
    }

    /// <param name="Done">Null when every proxy has them, else why not.</param>
    internal sealed record Publish(EquatableArray<HttpChallenge> Challenges, TaskCompletionSource<string?> Done);

    internal sealed record Withdraw(EquatableArray<HttpChallenge> Challenges);
}

/// <summary>Challenges as routes: exact ones, older than any Ingress, which nothing of an Ingress redirects or refuses.</summary>
internal static class ChallengeRoutes
{
    /// <summary>Nobody gets there: the proxy answers by itself.</summary>
    private static readonly BackendRef Nowhere = new(AcmeEntity.Name, PortRef.Numbered(80));

    private static readonly MemberName Member = new("acme");

    public static EquatableArray<RouteClaim> Of(IEnumerable<HttpChallenge> challenges) => challenges
        .Select(static challenge => new RouteClaim(
            new RouteKey(challenge.Host, challenge.Path, PathMatch.Exact), Nowhere, [Member], new Rank(DateTimeOffset.MinValue, Member, AcmeEntity.Name))
        {
            Policy = new RoutePolicy { Answer = new FixedAnswer(challenge.KeyAuthorization) },
        })
        .OrderBy(static claim => claim.Key.Host, StringComparer.Ordinal).ThenBy(static claim => claim.Key.Path, StringComparer.Ordinal)
        .ToEquatableArray();
}
