using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Protocol;

public enum OrderStatus
{
    /// <summary>Waits for its authorizations.</summary>
    Pending,

    /// <summary>Waits for the certificate request.</summary>
    Ready,

    /// <summary>The certificate is being made.</summary>
    Processing,
    Valid,
    Invalid,
}

/// <param name="Hosts">Sorted.</param>
/// <param name="Certificate">Where the certificate is; given when valid.</param>
/// <param name="Error">Why it is invalid, if the authority says so.</param>
internal sealed record Order(
    OrderStatus Status, EquatableArray<string> Hosts, EquatableArray<string> Authorizations, Uri Finalize, Uri? Certificate = null, AcmeProblem? Error = null);

public enum AuthorizationStatus
{
    Pending,
    Valid,
    Invalid,
    Deactivated,
    Expired,
    Revoked,
}

public enum ChallengeStatus
{
    /// <summary>The authority does not look before it is told to.</summary>
    Pending,
    Processing,
    Valid,
    Invalid,
}

/// <param name="Http">The challenge of type http-01; null if the authority offers none.</param>
/// <param name="Offered">Types of all challenges.</param>
internal sealed record Authorization(string Host, AuthorizationStatus Status, OfferedChallenge? Http, EquatableArray<string> Offered);

/// <param name="Url">Told when the answer is there.</param>
/// <param name="Looked">Where the authority says that it looked; empty if it doesn't.</param>
internal sealed record OfferedChallenge(Uri Url, ChallengeStatus Status, string Token, AcmeProblem? Error = null, string Looked = "");
