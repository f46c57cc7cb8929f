using System.Runtime.InteropServices;

namespace MultiCluster.Persistence;

internal static class PayloadBytes
{
    /// <summary>Without a copy when the memory is a whole array; the drivers only read it.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Array!.Length == segment.Count
            ? segment.Array
            : memory.ToArray();
}
