namespace MultiCluster.Acme.Protocol;

/// <summary>Where an authority takes what (RFC 8555 §7.1.1).</summary>
internal sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder)
{
    /// <summary>Null: it revokes nothing.</summary>
    public Uri? RevokeCert { get; init; }

    public string? TermsOfService { get; init; }

    public bool ExternalAccountRequired { get; init; }
}
