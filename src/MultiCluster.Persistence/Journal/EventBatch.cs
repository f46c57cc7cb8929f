using System.Collections.Immutable;

namespace MultiCluster.Persistence.Journal;

/// <param name="At">Kept to the microsecond.</param>
/// <param name="Type">What the payload is; 1 to 512 visible ASCII characters.</param>
/// <param name="SchemaVersion">Of the payload, as its owner counts.</param>
public sealed record EventData(DateTimeOffset At, string Type, int SchemaVersion, ReadOnlyMemory<byte> Payload);

/// <summary>Events of one entity that follow each other.</summary>
/// <param name="PersistenceId">1 to 512 visible ASCII characters.</param>
/// <param name="Epoch">Of the writer.</param>
/// <param name="FirstSequenceNumber">Of the first event; counts from 1.</param>
/// <param name="Events">At least one.</param>
public sealed record EventBatch(string PersistenceId, long Epoch, long FirstSequenceNumber, ImmutableArray<EventData> Events)
{
    public long LastSequenceNumber => FirstSequenceNumber + Events.Length - 1;

    /// <exception cref="ArgumentException">Breaks the rules above.</exception>
    internal static void Check(IReadOnlyList<EventBatch> batches)
    {
        foreach (var batch in batches)
        {
            Names.Check(batch.PersistenceId, nameof(batches));
            if (batch.Epoch < 0 || batch.FirstSequenceNumber < 1 || batch.Events.IsDefaultOrEmpty)
                throw new ArgumentException($"The batch of {batch.PersistenceId} has no events, or a number out of range: {batch}", nameof(batches));
            foreach (var data in batch.Events)
                Names.Check(data.Type, nameof(batches));
        }
    }
}
