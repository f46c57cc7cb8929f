using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>
/// Membership and ownership of shards over a store of leases, without any I/O: a read of all records goes in, writes come out, their
/// results go in, effects come out. One cycle is read, write, and a second write where epochs had to be reserved first.
/// <para>
/// Every decision about another node or a shard is a compare-and-swap against the record that it was based on. A node is dead when
/// somebody who watched its record stay the same for a TTL has replaced it by one that says down; that write fails if the holder
/// renewed at the last moment. So holder and watchers never disagree about an incarnation for good, whatever their clocks do.
/// </para>
/// <para>
/// A shard belongs to the node whose write made the record, and only to the run and the epoch it wrote: a record that names this node but
/// that it does not remember writing (an old backup) is claimed anew, with a higher epoch.
/// </para>
/// </summary>
internal sealed partial class ClusterCore
{
    private readonly ClusterOptions _options;
    private readonly Func<string> _newIncarnation;
    private readonly SnapshotReader _reader = new();
    private readonly List<ClusterEffect> _effects = [];
    private StoreSnapshot _snapshot = StoreSnapshot.Empty;
    private LeaseWatch _watch = LeaseWatch.Empty;
    private SelfLease _lease;
    private ImmutableArray<string> _up = [];
    private TimeSpan _upSince;
    private TimeSpan? _joined;
    private TimeSpan? _leaving;
    private string? _refusal;
    private bool _replicaReady;
    private bool _holding;
    private bool _left;

    public ClusterCore(ClusterOptions options, Func<string> newIncarnation)
    {
        _options = options;
        _newIncarnation = newIncarnation;
        _lease = SelfLease.Outside(new NodeId(options.NodeName, newIncarnation()));
    }

    public NodeId Self => _lease.Id;

    public SelfLease Lease => _lease;

    public bool HasLeft => _left;

    /// <summary>Something is known to be worth another read right away.</summary>
    public bool ReadAgain { get; private set; }

    public ClusterView View => new(
        _lease.Id,
        _lease.State,
        _lease.HasJoined,
        _refusal,
        [.. _snapshot.Nodes.Select(static node => new NodeView(node.Value.Id, node.Value.Address, node.Value.Protocol, node.Value.State))],
        [.. _snapshot.Shards.Select((record, shard) => new ShardView(
            _snapshot.IsFree(shard) ? null : record!.Value.Owner,
            ShardRules.Designated(shard, _snapshot),
            record?.Value.Epoch ?? 0))]);

    public bool MayWrite(TimeSpan now) => _lease.IsValid(now, _options);

    public List<ClusterEffect> TakeEffects()
    {
        List<ClusterEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    public void ReplicaReady() => _replicaReady = true;

    /// <summary>Whether messages still wait here for shards that have no owner.</summary>
    public void Holding(bool any) => _holding = any;

    public void Leave(TimeSpan now) => _leaving ??= now;

    /// <param name="started">When the read was sent.</param>
    /// <param name="wall">This machine's clock, for people who read the record.</param>
    public IReadOnlyList<PlannedWrite> OnRead(ImmutableArray<LeaseRecord> records, TimeSpan started, TimeSpan now, DateTimeOffset wall)
    {
        ReadAgain = false;
        if (_left)
            return [];
        _snapshot = _reader.Read(records);
        _watch = _watch.Observe(_snapshot, started, now, _options.Faults.CountUnreadableTime ? TimeSpan.MaxValue : _options.WatchGap);
        if (IsOverdue(now) && !_options.Faults.CountUnreadableTime)
            _watch = _watch.Anew();
        ObserveEpochs();
        var writes = new List<PlannedWrite>();
        PlanOwn(writes, now, wall);
        Reconcile(now);
        if (_lease.HasJoined)
            PlanCluster(writes, now, wall);
        NoteNodes(now);
        return writes;
    }

    /// <param name="sent">When the writes were sent.</param>
    /// <returns>What is to be written next; nothing ends the cycle.</returns>
    public IReadOnlyList<PlannedWrite> OnWritten(IReadOnlyList<PlannedWrite> writes, ImmutableArray<LeaseWriteResult> results, TimeSpan sent, TimeSpan now)
    {
        var epochs = ImmutableArray<long>.Empty;
        for (var i = 0; i < writes.Count; i++)
        {
            if (results[i] is LeaseWriteResult.Written written)
                epochs = epochs.AddRange(Written(writes[i], written.Version, sent, now));
            else
                Lost(writes[i]);
        }
        NoteNodes(now);
        return epochs.IsEmpty ? [] : PlanClaims(epochs);
    }

    /// <summary>The store did not answer: each write may or may not have happened, or may yet.</summary>
    public void OnUnknown(TimeSpan now) => GiveUpReleases(now);

    /// <summary>An operator wants a node gone.</summary>
    /// <returns>Null if there is no such live node.</returns>
    public PlannedWrite? Down(string name, DateTimeOffset wall) =>
        _snapshot.Node(name) is { Value.IsAlive: true } node ? Declare(node, wall) : null;

    /// <summary>
    /// Our renewals don't get through. Then those of others may not either, and that their records stay the same says nothing: a store that
    /// can be read but not written makes nobody dead.
    /// </summary>
    private bool IsOverdue(TimeSpan now) => _lease.HasJoined && !(now - _lease.Sent < _options.RenewInterval * 2);

    private static PlannedWrite Declare(Stored<NodeRecord> node, DateTimeOffset wall)
    {
        var record = node.Value with { State = NodeState.Down, RenewedAt = wall };
        return new PlannedWrite(
            new LeaseWrite(RecordCodec.NodeKey(record.Name), RecordCodec.Encode(record), node.Version), new WriteIntent.Declare(record));
    }

    private void PlanOwn(List<PlannedWrite> writes, TimeSpan now, DateTimeOffset wall)
    {
        var step = MembershipRules.Next(_lease, Desired(now), _snapshot, _watch, _options, now);
        if (step is SelfStep.Dead dead)
        {
            Die(dead.Reason);
            step = MembershipRules.Next(_lease, NodeState.Joining, _snapshot, _watch, _options, now);
        }
        var refusal = (step as SelfStep.Refused)?.Reason;
        if (refusal is not null && refusal != _refusal)
            _effects.Add(new ClusterEffect.Refused(refusal));
        _refusal = refusal;
        switch (step)
        {
            case SelfStep.Nothing nothing:
                _lease = nothing.Lease;
                break;
            case SelfStep.Write write:
                var record = new NodeRecord(
                    write.Lease.Id.Name, write.Lease.Id.Incarnation, _options.Address, _options.ClusterName, ClusterOptions.ProtocolVersion,
                    write.Lease.State, write.Lease.Renewals, wall, _options.Home);
                writes.Add(new PlannedWrite(
                    new LeaseWrite(RecordCodec.NodeKey(record.Name), RecordCodec.Encode(record), write.Expected), new WriteIntent.Own(write.Lease)));
                break;
        }
    }

    private NodeState Desired(TimeSpan now)
    {
        if (_leaving is not null)
            return NodeState.Leaving;
        return _replicaReady || now - _joined >= _options.JoinTimeout ? NodeState.Up : NodeState.Joining;
    }

    /// <summary>Writing ends first; then comes the next run.</summary>
    private void Die(string reason)
    {
        var was = _lease.Id;
        foreach (var shard in _owned.Values)
            _effects.Add(new ClusterEffect.Drop(shard.Shard, shard.Epoch, reason));
        _owned.Clear();
        _attempted.Clear();
        _joined = null;
        _lease = SelfLease.Outside(new NodeId(was.Name, _newIncarnation()));
        _effects.Add(new ClusterEffect.Died(was, _lease.Id, reason));
    }

    private void PlanCluster(List<PlannedWrite> writes, TimeSpan now, DateTimeOffset wall)
    {
        if (_snapshot.Cluster is null)
        {
            var config = new ClusterRecord(_options.ClusterName, _options.Shards);
            writes.Add(new PlannedWrite(new LeaseWrite(RecordCodec.ClusterKey, RecordCodec.Encode(config), null), new WriteIntent.Configure()));
            return;
        }
        if (!MayWrite(now))
            return;
        var expected = _snapshot;
        foreach (var node in MembershipRules.Ended(Self, _snapshot, _watch, _options, wall))
        {
            var declare = Declare(node, wall);
            writes.Add(declare);
            expected = expected.With(node with { Value = node.Value with { State = NodeState.Down } });
        }
        PlanShards(writes, expected, now);
        PlanForget(writes);
        PlanDeparture(writes, now);
    }

    private void PlanForget(List<PlannedWrite> writes)
    {
        foreach (var node in _snapshot.Nodes)
        {
            if (node.Value.IsAlive || _watch.Waited(node.Value.Name) < _options.ForgetAfter || _snapshot.Shards.Any(s => s?.Value.Owner == node.Value.Id))
                continue;
            writes.Add(new PlannedWrite(
                new LeaseWrite(RecordCodec.NodeKey(node.Value.Name), null, node.Version), new WriteIntent.Forget(node.Value.Name)));
        }
    }

    /// <summary>A leaving node goes when others own what it gave up, or nobody is left who could, or it took too long.</summary>
    private void PlanDeparture(List<PlannedWrite> writes, TimeSpan now)
    {
        if (_leaving is not { } since || _lease.State != NodeState.Leaving || _owned.Count > 0)
            return;
        var waits = _snapshot.Nodes.Any(static node => node.Value.MayOwn) && (_holding || Enumerable.Range(0, _snapshot.Shards.Length).Any(_snapshot.IsFree));
        if (waits && now - since < _options.LeaveTimeout)
            return;
        writes.RemoveAll(static write => write.Intent is WriteIntent.Own);
        writes.Add(new PlannedWrite(new LeaseWrite(RecordCodec.NodeKey(Self.Name), null, _lease.Version), new WriteIntent.Depart()));
    }

    private IEnumerable<long> Written(PlannedWrite write, string? version, TimeSpan sent, TimeSpan now)
    {
        switch (write.Intent)
        {
            case WriteIntent.Own own:
                OwnWritten(own.Lease, version!, sent, now);
                break;
            case WriteIntent.Configure or WriteIntent.Forget:
                ReadAgain = true;
                break;
            case WriteIntent.Declare declare:
                _snapshot = _snapshot.With(new Stored<NodeRecord>(declare.Record, version!));
                _effects.Add(new ClusterEffect.Declared(declare.Record.Id));
                _effects.Add(new ClusterEffect.Poke());
                break;
            case WriteIntent.Reserve reserve:
                return Enumerable.Range(1, reserve.Count).Select(n => reserve.After + n);
            case WriteIntent.Claim claim:
                Claimed(claim, version!);
                break;
            case WriteIntent.Reassert reassert:
                Reasserted(reassert, version!);
                break;
            case WriteIntent.Release release:
                ReleaseWritten(release, version!);
                break;
            case WriteIntent.Depart:
                _left = true;
                _lease = _lease with { Version = null, Sent = null };
                _effects.Add(new ClusterEffect.Poke());
                _effects.Add(new ClusterEffect.Left());
                break;
        }
        return [];
    }

    private void OwnWritten(SelfLease lease, string version, TimeSpan sent, TimeSpan now)
    {
        var stateChanged = !_lease.HasJoined || _lease.State != lease.State;
        if (!_lease.HasJoined)
            _joined = now;
        _lease = lease with { Version = version, Sent = sent };
        var record = new NodeRecord(
            lease.Id.Name, lease.Id.Incarnation, _options.Address, _options.ClusterName, ClusterOptions.ProtocolVersion, lease.State, lease.Renewals, default);
        _snapshot = _snapshot.With(new Stored<NodeRecord>(record, version));
        if (!stateChanged)
            return;
        ReadAgain = true;
        _effects.Add(new ClusterEffect.Poke());
    }

    private void Lost(PlannedWrite write)
    {
        ReadAgain = true;
        if (write.Intent is WriteIntent.Claim claim)
            _attempted.Remove(claim.Shard);
    }

    private void NoteNodes(TimeSpan now)
    {
        ImmutableArray<string> up = [.. _snapshot.Nodes.Where(static node => node.Value.MayOwn).Select(static node => node.Value.Name)];
        if (up.SequenceEqual(_up))
            return;
        _up = up;
        _upSince = now;
    }
}
