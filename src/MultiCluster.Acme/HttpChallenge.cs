using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>Whoever answers it shows that he has the host: on port 80, under <see cref="Path"/>, with the key authorization. Neither is secret.</summary>
/// <param name="Token">Of the alphabet of base64url, at most 128 characters: it may stand in a path and in a map as it is.</param>
/// <param name="KeyAuthorization">The token, a dot and the digest of the account's key.</param>
public sealed record HttpChallenge(string Host, string Token, string KeyAuthorization)
{
    public const string PathPrefix = "/.well-known/acme-challenge/";

    public string Path => PathPrefix + Token;
}

/// <summary>Brings challenges to all who may be asked for them.</summary>
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
