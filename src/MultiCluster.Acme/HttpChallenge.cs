namespace MultiCluster.Acme;

/// <summary>Whoever answers it shows that he has the host: on port 80, under <see cref="Path"/>, with the key authorization. Neither is secret.</summary>
/// <param name="Token">Of the alphabet of base64url, at most 128 characters: it may stand in a path and in a map as it is.</param>
/// <param name="KeyAuthorization">The token, a dot and the digest of the account's key.</param>
public sealed record HttpChallenge(string Host, string Token, string KeyAuthorization)
{
    public const string PathPrefix = "/.well-known/acme-challenge/";

    public string Path => PathPrefix + Token;
}
