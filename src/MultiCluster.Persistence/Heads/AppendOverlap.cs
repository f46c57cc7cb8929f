using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Heads;

/// <summary>A batch that is sent again because nobody knows what became of it, perhaps with more events behind.</summary>
internal static class AppendOverlap
{
    /// <param name="stored">What is there from the batch's first number on, in order.</param>
    /// <returns>How many of the batch's events are there already; null if what is there is not the batch's.</returns>
    public static int? Compare(EntityHead head, EventBatch batch, IReadOnlyList<JournalEvent> stored)
    {
        var overlap = (int)Math.Min(head.SequenceNumber - batch.FirstSequenceNumber + 1, batch.Events.Length);
        if (stored.Count < overlap)
            return null;
        for (var i = 0; i < overlap; i++)
        {
            if (stored[i].SequenceNumber != batch.FirstSequenceNumber + i || !Same(stored[i], batch.Epoch, batch.Events[i]))
                return null;
        }
        return overlap;
    }

    private static bool Same(JournalEvent stored, long epoch, EventData data) =>
        stored.Epoch == epoch
        && stored.At == UnixMicroseconds.Truncate(data.At)
        && stored.Type == data.Type
        && stored.SchemaVersion == data.SchemaVersion
        && stored.Payload.Span.SequenceEqual(data.Payload.Span);
}
