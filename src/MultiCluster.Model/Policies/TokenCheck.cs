using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>Requests need a JSON Web Token that one of the keys has signed.</summary>
/// <param name="Algorithm">One of <see cref="Algorithms"/>; a token that names another is no good, whatever its signature.</param>
/// <param name="Keys">base64url, sorted: of HS* the secret, of all others a public key as SubjectPublicKeyInfo. At least one.</param>
/// <param name="Issuer">Printable ASCII that the token's iss is; null: it may be anything.</param>
/// <param name="Audiences">Printable ASCII; one of them is the token's aud, or among it. Empty: it may be anything.</param>
/// <param name="Header">Lower case name of the header that has the token; null: Authorization.</param>
public sealed record TokenCheck(string Algorithm, EquatableArray<string> Keys, string? Issuer, EquatableArray<string> Audiences, string? Header)
{
    public static readonly EquatableArray<string> Algorithms =
        ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    /// <summary>Without keys: for logs.</summary>
    public override string ToString() => $"{nameof(TokenCheck)} {Algorithm} {Issuer} {string.Join(',', Audiences)} {Header}";
}
