namespace MultiCluster.Persistence.Snapshots;

internal static class RecoveryFallback
{
    /// <param name="corrupt">The newest snapshot.</param>
    /// <param name="older">The one before; null if there is none.</param>
    public static RecoveryPoint Choose(RecoveryPoint point, CorruptSnapshot corrupt, StoredSnapshot? older)
    {
        if (older is not { } stored)
            return point with { Corrupt = [corrupt] };
        var snapshot = stored.Verify(point.PersistenceId, out var corruptToo);
        return point with { Snapshot = snapshot, Corrupt = corruptToo is null ? [corrupt] : [corrupt, corruptToo] };
    }
}
