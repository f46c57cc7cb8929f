using MultiCluster.Model.Collections;
using MultiCluster.Model.Security;

namespace MultiCluster.Model.Routing;

/// <summary>A checked server certificate: the key fits the leaf, and the PEM holds nothing else.</summary>
/// <param name="Fingerprint">Lower-case hex SHA-256 of chain and key: its identity and file name.</param>
/// <param name="Pem">Leaf, intermediates, private key, re-encoded by us, ready for HAProxy.</param>
/// <param name="DnsNames">Subject alternative names of the leaf, lower case.</param>
public sealed record Certificate(
    string Fingerprint,
    Secret Pem,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    EquatableArray<string> DnsNames)
{
    /// <summary>
    /// In bytes. HAProxy takes a certificate at run time as one command, which must fit into its buffer (tune.bufsize, 32 KiB
    /// in our program); without a limit here a long chain would be known and never served.
    /// </summary>
    public const int MaxPemLength = 30 * 1024;

    /// <summary>For the same hosts, each with a key of another kind: clients get the one that they can take. They have no others themselves.</summary>
    public EquatableArray<Certificate> Others { get; init; } = [];

    public bool IsValidAt(DateTimeOffset time) => time < NotAfter && time >= NotBefore;
}
