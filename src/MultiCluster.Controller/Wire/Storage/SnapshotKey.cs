using System.Security.Cryptography;

namespace MultiCluster.Controller.Wire.Storage;

/// <summary>A key for the secret part of snapshots.</summary>
public sealed class SnapshotKey
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    private SnapshotKey(byte[] bytes)
    {
        _bytes = bytes;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "multicluster snapshot key id"u8, .. bytes]).AsSpan(0, 8));
    }

    /// <summary>Tells keys apart and says nothing of their bytes.</summary>
    public string Id { get; }

    public static SnapshotKey New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <returns>Null unless it is 32 bytes in base64.</returns>
    public static SnapshotKey? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == Length ? new SnapshotKey(bytes[..Length].ToArray()) : null;
    }

    public override string ToString() => Id;

    internal string Reveal() => Convert.ToBase64String(_bytes);

    /// <summary>A key of its own for each snapshot, so that random nonces can't meet however many are written.</summary>
    internal void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, derived, salt, info);
}
