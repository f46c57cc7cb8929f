using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>Brings challenges to all who may be asked for them. Orders of one account may share one: see <see cref="SharedChallenges"/>.</summary>
public interface IHttpChallengeStore
{
    /// <summary>Completes when every proxy that may be asked answers them.</summary>
    /// <returns>
    /// Null, or why some proxy doesn't: then the authority is not told to look, since a failed look counts against the account.
    /// </returns>
    ValueTask<AcmeError?> PublishAsync(EquatableArray<HttpChallenge> challenges, CancellationToken cancellationToken);

    /// <summary>The authority is done with them, or we are. Called once for what was published, also where publishing failed.</summary>
    ValueTask WithdrawAsync(EquatableArray<HttpChallenge> challenges);
}
