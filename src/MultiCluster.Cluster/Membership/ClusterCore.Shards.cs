using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

internal sealed partial class ClusterCore
{
    private readonly SortedDictionary<int, OwnedShard> _owned = [];
    private readonly Dictionary<int, long> _attempted = [];
    private readonly Dictionary<int, (long Epoch, NodeId? Owner)> _seen = [];
    private readonly HashSet<int> _outranked = [];
    private long _highestEpoch;

    private enum OwnedPhase
    {
        Serving,
        HandingOff,

        /// <summary>Its entities are gone; the store does not know yet.</summary>
        Stopped,
    }

    public IEnumerable<(int Shard, long Epoch)> Owned => _owned.Values.Select(static shard => (shard.Shard, shard.Epoch));

    /// <summary>What may be written for: not what is given up, nor what may have been.</summary>
    public IEnumerable<(int Shard, long Epoch)> Writable =>
        _owned.Values.Where(static shard => shard.Phase != OwnedPhase.Stopped && shard.IsSure).Select(static shard => (shard.Shard, shard.Epoch));

    public int HandingOff => _owned.Values.Count(static shard => shard.Phase != OwnedPhase.Serving);

    /// <summary>An epoch seen anywhere: in a replica, a proxy, a message. New ones will be higher.</summary>
    public void ObserveEpoch(long epoch) => _highestEpoch = Math.Max(_highestEpoch, epoch);

    /// <summary>Somebody has published for a shard under this epoch. If it is ours by the records, we claim it anew above that.</summary>
    public void ObserveShardEpoch(int shard, long epoch)
    {
        ObserveEpoch(epoch);
        if (epoch > _seen.GetValueOrDefault(shard).Epoch)
            _seen[shard] = (epoch, null);
        if (_owned.TryGetValue(shard, out var owned) && owned.Epoch < epoch)
            _outranked.Add(shard);
    }

    /// <summary>The region has stopped what it was told to hand off.</summary>
    public void Stopped(int shard, long epoch, TimeSpan now)
    {
        if (_owned.TryGetValue(shard, out var owned) && owned.Epoch == epoch)
            _owned[shard] = owned with { Phase = OwnedPhase.Stopped, Since = now };
    }

    private void ObserveEpochs()
    {
        if (_options.Faults.EpochFromStoreOnly)
        {
            _highestEpoch = 0;
            return;
        }
        ObserveEpoch(_snapshot.Epoch?.Value.Last ?? 0);
        foreach (var shard in _snapshot.Shards)
            ObserveEpoch(shard?.Value.Epoch ?? 0);
        foreach (var record in _snapshot.Shards)
        {
            if (record is not null)
                CompareWithSeen(record.Value);
        }
    }

    /// <summary>
    /// A record whose epoch is lower than one that was read, claimed or published before is from a backup, and so is one that gives the same
    /// epoch to another owner. What was published under that epoch would outrank its owner without the owner's knowing.
    /// </summary>
    private void CompareWithSeen(ShardRecord record)
    {
        var seen = _seen.GetValueOrDefault(record.Shard);
        var isOthers = record.Epoch == seen.Epoch && record.Owner is not null && seen.Owner is not null && record.Owner != seen.Owner;
        if (record.Epoch >= seen.Epoch && !isOthers)
        {
            _seen[record.Shard] = (record.Epoch, record.Owner ?? seen.Owner);
            return;
        }
        if (record.Owner is not { } owner)
            return;
        var above = isOthers ? seen.Epoch + 1 : seen.Epoch;
        if (owner == Self)
            ObserveShardEpoch(record.Shard, above);
        else
            _effects.Add(new ClusterEffect.Warn(owner, record.Shard, above));
    }

    /// <summary>Brings what we believe to own in line with what the records say.</summary>
    private void Reconcile(TimeSpan now)
    {
        if (_options.Faults.IgnoreOwnDeath || _snapshot.Shards.IsEmpty)
            return;
        foreach (var owned in _owned.Values.ToList())
        {
            var record = _snapshot.Shards.Length > owned.Shard ? _snapshot.Shards[owned.Shard] : null;
            if (record?.Value.Owner == Self && record.Value.Epoch == owned.Epoch)
                _owned[owned.Shard] = owned with { Version = record.Version };
            else
                Lose(owned, record?.Value);
        }
        foreach (var (shard, epoch) in _attempted.ToList())
        {
            if (_snapshot.Shards[shard] is { } record && record.Value.Owner == Self && record.Value.Epoch == epoch)
                Gain(shard, epoch, record.Version);
        }
        foreach (var shard in _outranked.Where(s => _owned.ContainsKey(s)).ToList())
        {
            // Nobody else has a record of it, so the store went back in time: it is claimed anew.
            Lose(_owned[shard], _snapshot.Shards[shard]!.Value);
        }
        _outranked.Clear();
        GiveUpReleases(now);
    }

    private void Lose(OwnedShard owned, ShardRecord? record)
    {
        _owned.Remove(owned.Shard);
        var released = owned.Phase == OwnedPhase.Stopped && (record is null || record.Epoch > owned.Epoch || record.Owner is null);
        _effects.Add(released
            ? new ClusterEffect.Released(owned.Shard, owned.Epoch)
            : new ClusterEffect.Drop(owned.Shard, owned.Epoch, $"the store says {record?.Owner?.ToString() ?? "nobody"} at epoch {record?.Epoch ?? 0}"));
    }

    private void Gain(int shard, long epoch, string version)
    {
        _attempted.Remove(shard);
        _owned[shard] = new OwnedShard(shard, epoch, OwnedPhase.Serving, version, default);
        _effects.Add(new ClusterEffect.Start(shard, epoch));
    }

    private void PlanShards(List<PlannedWrite> writes, StoreSnapshot expected, TimeSpan now)
    {
        foreach (var owned in _owned.Values)
        {
            if (owned.Phase == OwnedPhase.Stopped)
                writes.Add(Release(owned));
            else if (!owned.IsSure)
                writes.Add(Reassert(owned));
        }
        if (_leaving is not null)
            HandOff(_owned.Keys, int.MaxValue, now);
        else if (IsStable(now))
            HandOff(ShardRules.Misplaced(_snapshot, Self.Name, _owned.Keys), _options.MaxHandOffs, now);
        else if (_options.Faults.UnboundedRebalance)
            HandOff(ShardRules.MisplacedByModulo(_snapshot, Self.Name, _owned.Keys), int.MaxValue, now);
        var claims = _leaving is null && _lease.State == NodeState.Up ? Claimable(expected).Count() : 0;
        if (claims == 0)
            return;
        var after = Math.Max(_snapshot.Epoch?.Value.Last ?? 0, _highestEpoch);
        writes.Add(new PlannedWrite(
            new LeaseWrite(RecordCodec.EpochKey, RecordCodec.Encode(new EpochRecord(after + claims)), _snapshot.Epoch?.Version),
            new WriteIntent.Reserve(after, claims)));
    }

    /// <summary>
    /// Free shards that are ours to take, and those that the records call ours but that we don't remember taking. One that was
    /// written without an answer is looked at again first.
    /// </summary>
    private IEnumerable<int> Claimable(StoreSnapshot snapshot)
    {
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            var unremembered = snapshot.Shards[shard]?.Value.Owner == Self && !_owned.ContainsKey(shard);
            if (unremembered || (snapshot.IsFree(shard) && ShardRules.Designated(shard, snapshot) == Self.Name))
                yield return shard;
        }
    }

    /// <summary>No move for balance while nodes come and go, while shards have no owner, or while the store takes no writes, as the release would be one.</summary>
    private bool IsStable(TimeSpan now) =>
        _lease.State == NodeState.Up && !IsOverdue(now) && now - _upSince >= _options.RebalanceDelay && !Enumerable.Range(0, _snapshot.Shards.Length).Any(_snapshot.IsFree)
        && !_snapshot.Nodes.Any(static node => node.Value.State is NodeState.Joining or NodeState.Leaving);

    private void HandOff(IEnumerable<int> shards, int most, TimeSpan now)
    {
        var room = most - HandingOff;
        foreach (var shard in shards.ToList())
        {
            if (_owned[shard].Phase != OwnedPhase.Serving || now < _owned[shard].Since)
                continue;
            if (room-- <= 0)
                return;
            _owned[shard] = _owned[shard] with { Phase = OwnedPhase.HandingOff, Since = now };
            _effects.Add(new ClusterEffect.HandOff(shard, _owned[shard].Epoch));
        }
    }

    private List<PlannedWrite> PlanClaims(ImmutableArray<long> epochs)
    {
        var writes = new List<PlannedWrite>();
        foreach (var shard in Claimable(_snapshot))
        {
            if (writes.Count == epochs.Length)
                break;
            var epoch = epochs[writes.Count];
            _attempted[shard] = epoch;
            writes.Add(new PlannedWrite(
                new LeaseWrite(RecordCodec.ShardKey(shard), RecordCodec.Encode(new ShardRecord(shard, Self, epoch)), _snapshot.Shards[shard]?.Version),
                new WriteIntent.Claim(shard, epoch)));
        }
        return writes;
    }

    private void Claimed(WriteIntent.Claim claim, string version)
    {
        ObserveEpoch(claim.Epoch);
        _seen[claim.Shard] = (claim.Epoch, Self);
        SetShard(new ShardRecord(claim.Shard, Self, claim.Epoch), version);
        Gain(claim.Shard, claim.Epoch, version);
        _effects.Add(new ClusterEffect.Poke());
    }

    private static PlannedWrite Release(OwnedShard owned) => new(
        new LeaseWrite(RecordCodec.ShardKey(owned.Shard), RecordCodec.Encode(new ShardRecord(owned.Shard, null, owned.Epoch)), owned.Version),
        new WriteIntent.Release(owned.Shard, owned.Epoch));

    /// <summary>
    /// Writes the record as it is, so that a release of ours that is still on its way finds another version and fails.
    /// </summary>
    private PlannedWrite Reassert(OwnedShard owned) => new(
        new LeaseWrite(RecordCodec.ShardKey(owned.Shard), RecordCodec.Encode(new ShardRecord(owned.Shard, Self, owned.Epoch)), owned.Version),
        new WriteIntent.Reassert(owned.Shard, owned.Epoch));

    private void Reasserted(WriteIntent.Reassert reassert, string version)
    {
        SetShard(new ShardRecord(reassert.Shard, Self, reassert.Epoch), version);
        if (_owned.TryGetValue(reassert.Shard, out var owned) && owned.Epoch == reassert.Epoch)
            _owned[reassert.Shard] = owned with { Version = version, IsSure = true };
    }

    private void ReleaseWritten(WriteIntent.Release release, string version)
    {
        SetShard(new ShardRecord(release.Shard, null, release.Epoch), version);
        if (_owned.TryGetValue(release.Shard, out var owned) && owned.Epoch == release.Epoch)
            _owned.Remove(release.Shard);
        _effects.Add(new ClusterEffect.Released(release.Shard, release.Epoch));
        _effects.Add(new ClusterEffect.Poke());
        ReadAgain = true;
    }

    /// <summary>
    /// A store that takes no release must not keep a shard from being served. The release may have happened all the same, so nothing is
    /// written for the shard until the store has taken its record anew; publishing under an epoch that is over does no harm.
    /// </summary>
    private void GiveUpReleases(TimeSpan now)
    {
        foreach (var owned in _owned.Values.Where(shard => shard.Phase == OwnedPhase.Stopped && now - shard.Since >= _options.ReleaseTimeout).ToList())
        {
            // Somebody else serves it, under a higher epoch.
            if (_outranked.Contains(owned.Shard))
                continue;
            _owned[owned.Shard] = owned with { Phase = OwnedPhase.Serving, Since = now + _options.ReleaseTimeout, IsSure = false };
            _effects.Add(new ClusterEffect.Resume(owned.Shard, owned.Epoch));
        }
    }

    private void SetShard(ShardRecord record, string version)
    {
        if (record.Shard < _snapshot.Shards.Length)
            _snapshot = _snapshot with { Shards = _snapshot.Shards.SetItem(record.Shard, new Stored<ShardRecord>(record, version)) };
    }

    /// <param name="Since">When it came into its phase; a serving one is not handed off before that.</param>
    private sealed record OwnedShard(int Shard, long Epoch, OwnedPhase Phase, string Version, TimeSpan Since)
    {
        /// <summary>False after a release of unknown outcome.</summary>
        public bool IsSure { get; init; } = true;
    }
}
