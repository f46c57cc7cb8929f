using System.Runtime.CompilerServices;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Persistence;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Controller.Storage;

/// <summary>An event of the journal.</summary>
/// <param name="Decision">Null: it can't be read.</param>
/// <param name="Problem">Why it can't.</param>
public sealed record RecordedDecision(EntityId Entity, long SequenceNumber, DateTimeOffset At, Decision? Decision, string? Problem);

/// <summary>What an entity had published when it was last written down.</summary>
/// <param name="SequenceNumber">Of the last event that it contains.</param>
public sealed record RecordedState(EntityId Entity, long SequenceNumber, Fragment? Fragment);

/// <summary>What people ask of the past. What was decided within the last moments may be missing, since it is written behind.</summary>
public sealed partial class EntityStore
{
    /// <summary>Of one entity, in order.</summary>
    /// <param name="shards">That entities are divided into.</param>
    public IAsyncEnumerable<RecordedDecision> DecisionsAsync(EntityId entity, int shards, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var key = EntityKeys.Of(entity);
        return DecisionsAsync(IdRange.Only(Id(ShardHash.ShardOf(key, shards), key)), until, cancellationToken);
    }

    /// <summary>Of all entities, each in order.</summary>
    public IAsyncEnumerable<RecordedDecision> DecisionsAsync(DateTimeOffset until, CancellationToken cancellationToken) => DecisionsAsync(IdRange.All, until, cancellationToken);

    /// <summary>The last state of each entity that can be read.</summary>
    public async IAsyncEnumerable<RecordedState> StatesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var point in _database.Snapshots.LoadAllAsync(IdRange.All, cancellationToken))
        {
            if (point.Snapshot is { } snapshot && EntityKeys.Parse(Key(point.PersistenceId)) is { } entity && _form.Read(Key(point.PersistenceId), snapshot.Body, out _) is { } entry)
                yield return new RecordedState(entity, snapshot.SequenceNumber, (entry.Payload as EntityRecord)?.Published);
        }
    }

    private async IAsyncEnumerable<RecordedDecision> DecisionsAsync(IdRange ids, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in _database.Journal.ReadHistoryAsync(new HistoryQuery(ids, DateTimeOffset.UnixEpoch, until), cancellationToken))
        {
            if (EntityKeys.Parse(Key(stored.PersistenceId)) is not { } entity)
                continue;
            var decision = JournalCodec.Decode(stored);
            yield return new RecordedDecision(entity, stored.SequenceNumber, stored.At, decision.IsOk ? decision.Value : null, decision.IsOk ? null : decision.Error);
        }
    }
}
