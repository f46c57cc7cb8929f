using System.Buffers;
using System.Text;

namespace MultiCluster.Persistence.Leases;

/// <summary>What every store checks before it writes.</summary>
public static class LeaseRules
{
    private const int MaxKeyLength = 200;
    private const int MaxValueBytes = 4096;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

    /// <exception cref="ArgumentException">Breaks the rules on <see cref="LeaseRecord"/>.</exception>
    public static void Check(IReadOnlyList<LeaseWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write.Key.Length is 0 or > MaxKeyLength || write.Key.AsSpan().ContainsAnyExcept(KeyCharacters))
                throw new ArgumentException($"Lease key \"{write.Key}\": need 1 to {MaxKeyLength} letters, digits, '-' and '.'.", nameof(writes));
            if (write.Value is { } value && (value.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(value) > MaxValueBytes))
                throw new ArgumentException($"Lease {write.Key}: the value is over {MaxValueBytes} bytes, or holds a NUL.", nameof(writes));
        }
    }
}
