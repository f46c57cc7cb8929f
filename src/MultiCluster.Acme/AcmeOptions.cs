using MultiCluster.Acme.Jose;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>An authority, and who we are to it.</summary>
public sealed record AcmeOptions(Uri Directory)
{
    public static readonly Uri LetsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");

    public static readonly Uri LetsEncryptStaging = new("https://acme-staging-v02.api.letsencrypt.org/directory");

    /// <summary>Without it no account is made: only an operator can agree.</summary>
    public bool TermsAgreed { get; init; }

    /// <summary>E-mail addresses that the authority may write to.</summary>
    public EquatableArray<string> Emails { get; init; } = [];

    public ExternalAccount? ExternalAccount { get; init; }

    /// <summary>Common name of the root that the chain is to end under, if the authority offers it; null takes what it offers first.</summary>
    public string? PreferredChain { get; init; }

    /// <summary>RFC 8555 §6.1 wants one that tells the program and its version.</summary>
    public string UserAgent { get; init; } = "MultiCluster-Acme/1.0";

    /// <summary>For one request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one order, from the first request to the certificate.</summary>
    public TimeSpan OrderTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first wait where the authority names none; the next ones double, up to <see cref="LongestPoll"/>.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is sent at most while the authority refuses the nonces that it gave out itself.</summary>
    public int NonceAttempts { get; init; } = 10;
}
