namespace MultiCluster.Persistence.Writing;

/// <summary>Hears what the database said later. Called from the background: pass it on as a message, and return.</summary>
public interface IWriteBehindOwner
{
    /// <summary>Somebody with a newer epoch writes this entity: the one here must stop.</summary>
    void Fenced(string persistenceId, long epoch, long highestEpoch);

    /// <summary>
    /// Events could not be written, and later ones won't be before a snapshot takes their place: at the entity's own sequence number, but at least at
    /// <paramref name="sequenceNumber"/>, from which the entity then counts on.
    /// </summary>
    void SnapshotWanted(string persistenceId, long epoch, long sequenceNumber);
}
