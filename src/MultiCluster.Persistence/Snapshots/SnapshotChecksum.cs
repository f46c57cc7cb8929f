using System.Buffers.Binary;
using System.Numerics;

namespace MultiCluster.Persistence.Snapshots;

/// <summary>CRC-32C over everything that a snapshot consists of, so that a row under a wrong id or number is found out too.</summary>
internal static class SnapshotChecksum
{
    public static uint Compute(string persistenceId, long sequenceNumber, long epoch, SnapshotBody body)
    {
        var crc = uint.MaxValue;
        crc = Add(crc, persistenceId);
        crc = BitOperations.Crc32C(crc, (ulong)sequenceNumber);
        crc = BitOperations.Crc32C(crc, (ulong)epoch);
        crc = Add(crc, body.Type);
        crc = BitOperations.Crc32C(crc, (ulong)body.SchemaVersion);
        crc = Add(crc, body.Payload.Span);
        return ~crc;
    }

    private static uint Add(uint crc, string text)
    {
        foreach (var character in text)
            crc = BitOperations.Crc32C(crc, (ushort)character);
        return BitOperations.Crc32C(crc, (uint)text.Length);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var single in bytes)
            crc = BitOperations.Crc32C(crc, single);
        return crc;
    }
}
