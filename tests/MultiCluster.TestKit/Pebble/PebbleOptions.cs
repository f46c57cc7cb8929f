using System.Net;

namespace MultiCluster.TestKit.Pebble;

public sealed record PebbleOptions
{
    /// <summary>Where every name resolves to: who answers challenges listens there, on <see cref="PebbleServer.HttpPort"/>.</summary>
    public required IPAddress Responder { get; init; }

    /// <summary>Of requests with a good nonce.</summary>
    public int RefusedNoncesPercent { get; init; } = 5;

    /// <summary>How often an order finds what an earlier one has proved.</summary>
    public int ReusedAuthorizationsPercent { get; init; }

    /// <summary>Further roots that chains are offered under.</summary>
    public int AlternateRoots { get; init; }

    /// <summary>Key id to MAC key (base64url); with any, others get no account.</summary>
    public IReadOnlyDictionary<string, string> ExternalAccounts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public TimeSpan CertificateLife { get; init; } = TimeSpan.FromDays(90);
}
