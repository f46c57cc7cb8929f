using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>Hosts of one certificate, as <see cref="AcmeHosts.Read"/> gives them: sorted, each once.</summary>
public readonly record struct HostSet(EquatableArray<string> Hosts)
{
    /// <summary>The same everywhere and for good, so that all who decide decide alike: lower-case hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(Hash().AsSpan(0, 10));

    /// <summary>From 0 to below 1, evenly spread over host sets.</summary>
    public double Share => BinaryPrimitives.ReadUInt32BigEndian(Hash().AsSpan(16)) / 4294967296.0;

    public override string ToString() => string.Join(", ", Hosts.Items);

    private byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Hosts.Items)));
}
