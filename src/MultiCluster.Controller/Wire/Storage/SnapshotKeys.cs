using System.Collections.Immutable;

namespace MultiCluster.Controller.Wire.Storage;

/// <param name="Keys">The first encrypts, all decrypt.</param>
public sealed class SnapshotKeys(ImmutableArray<SnapshotKey> keys)
{
    /// <summary>Nothing secret is stored or read.</summary>
    public static SnapshotKeys None { get; } = new([]);

    public SnapshotKey? Current => keys.IsEmpty ? null : keys[0];

    public SnapshotKey? Find(string id) => keys.FirstOrDefault(key => string.Equals(key.Id, id, StringComparison.Ordinal));
}
