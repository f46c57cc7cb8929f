using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>What a request is let in by.</summary>
/// <param name="Token">Bearer token.</param>
/// <param name="Certificate">With its private key.</param>
/// <param name="Expires">Null when nobody said.</param>
internal sealed record Credential(string? Token, X509Certificate2? Certificate, DateTimeOffset? Expires)
{
    public static readonly Credential None = new(null, null, null);

    public override string ToString() => "***";
}

/// <summary>A credential, or why there is none.</summary>
internal readonly record struct CredentialResult(Credential? Credential, string? Error);

/// <summary>Where the credential of a client comes from. Thread-safe.</summary>
internal interface ICredentialSource
{
    ValueTask<CredentialResult> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server has refused it: the next one is to be fetched anew.</summary>
    void Refused(Credential credential);
}
