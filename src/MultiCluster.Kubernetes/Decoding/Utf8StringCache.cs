using System.Text;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>
/// Shares the strings that return in almost every event (names, labels, nodes, protocols): a direct-mapped table, so
/// that a stream of ever new strings costs nothing but misses. Not thread-safe: one per reader.
/// </summary>
internal sealed class Utf8StringCache
{
    private const int Slots = 1024;
    private const int MaxLength = 96;

    private readonly string?[] _slots = new string?[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > MaxLength)
            return Encoding.UTF8.GetString(utf8);
        ref var slot = ref _slots[Hash(utf8) & (Slots - 1)];
        if (slot is not null && slot.Length == utf8.Length && Ascii.Equals(utf8, slot))
            return slot;
        var text = Encoding.UTF8.GetString(utf8);
        if (text.Length == utf8.Length)
            slot = text;
        return text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var b in utf8)
            hash = (hash ^ b) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }
}
