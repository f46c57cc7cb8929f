using MultiCluster.Controller.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>
/// The controller's side of one session: what to send next, with one message outstanding at a time. Whatever comes meanwhile is gathered,
/// the latest of each row. No I/O, clocks or threads; the protocol is told in README.md.
/// </summary>
/// <param name="began">Like every time in here, since some fixed moment.</param>
internal sealed class SessionCore(SessionOptions options, TimeSpan began)
{
    /// <summary>That are listed; there may be more.</summary>
    private const int MostRefused = 100;

    private readonly PendingRows _pending = new();
    private readonly SortedDictionary<string, string> _refused = new(StringComparer.Ordinal);
    private ControllerMessage.Welcome? _welcome;
    private SnapshotRun? _snapshot;
    private HubMessages.Digests? _digests;
    private Readiness? _readiness;
    private string? _broken;
    private TimeSpan _lastSent = began;
    private int _shards;
    private long _nonce;
    private long _answered;
    private long _sentPosition;
    private bool _comparing;
    private EquatableArray<MemberLoad>? _loads;
    private TimeSpan _loadsSince;

    /// <summary>Of the table.</summary>
    public long TablePosition { get; private set; }

    public long AckedPosition { get; private set; }

    public long AppliedPosition { get; private set; }

    public int Waiting => _pending.Count;

    public bool InSnapshot => _snapshot is not null;

    /// <summary>Rows that the agent or the size forbids, by entity, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    private bool IsOutstanding => _answered < _nonce;

    public void Take(HubMessages.Subscribed subscribed)
    {
        _welcome = subscribed.Welcome;
        _shards = subscribed.Welcome.Shards;
        TablePosition = subscribed.Position;
        _readiness = subscribed.Readiness;
        _snapshot = new SnapshotRun(subscribed.Differing, subscribed.Baselines, subscribed.Position);
    }

    public void Take(HubMessages.Changed changed)
    {
        TablePosition = changed.Position;
        foreach (var row in changed.Rows)
            _pending.Add(row);
    }

    public void Take(HubMessages.ShardContents contents) => _snapshot?.Take(contents);

    public void Take(HubMessages.Digests digests)
    {
        _comparing = false;
        _digests = digests;
    }

    public void Take(Readiness readiness) => _readiness = readiness;

    public void Receive(AgentMessage message, TimeSpan now)
    {
        switch (message)
        {
            case AgentMessage.Ack ack when Answers(ack.Nonce):
                AckedPosition = Math.Max(AckedPosition, ack.Position);
                Resend(ack.Differing);
                break;
            case AgentMessage.Nack nack when Answers(nack.Nonce):
                OnNack(nack);
                break;
            case AgentMessage.Applied applied:
                AppliedPosition = Math.Max(AppliedPosition, Math.Min(applied.Position, TablePosition));
                break;
            case AgentMessage.Loads loads:
                (_loads, _loadsSince) = (loads.Members, now);
                break;
            case AgentMessage.Hello:
                _broken ??= "the agent said hello twice";
                break;
        }
    }

    /// <returns>What the agent has told lately; null if nothing: of a drain before this one it would say that all is over.</returns>
    public EquatableArray<MemberLoad>? LoadsAt(TimeSpan now) => now - _loadsSince < options.LoadsLife ? _loads : null;

    /// <returns>Null: nothing before something comes, or time passes.</returns>
    public SessionStep? Next(TimeSpan now)
    {
        if (_broken is not null)
            return new SessionStep.Close(_broken);
        if (_welcome is { } welcome)
        {
            _welcome = null;
            _lastSent = now;
            return new SessionStep.Send(welcome);
        }

        if (IsOutstanding)
            return now - _lastSent > options.AnswerTimeout ? new SessionStep.Close($"no answer within {options.AnswerTimeout.TotalSeconds:0} s") : null;
        if (_snapshot is not null)
            return NextOfSnapshot(_snapshot, now);
        if (_pending.Count > 0 || _readiness is not null || _digests is not null)
            return SendDelta(now);
        if (_comparing || now - _lastSent < options.Heartbeat)
            return null;
        _comparing = true;
        return new SessionStep.Compare();
    }

    private SessionStep? NextOfSnapshot(SnapshotRun snapshot, TimeSpan now)
    {
        if (snapshot.NextFetch() is { } shard)
            return new SessionStep.Fetch(shard);
        if (snapshot.NextPart(options, Oversized) is not { } part)
            return null;
        if (part.End is not null)
        {
            _snapshot = null;
            _sentPosition = Math.Max(_sentPosition, snapshot.Position);
        }

        return Send(RowsKind.Snapshot, part.Rows, part.End, [], now);
    }

    private SessionStep.Send SendDelta(TimeSpan now)
    {
        var rows = _pending.Take(options, Oversized);
        if (_pending.Count == 0)
            _sentPosition = Math.Max(_sentPosition, TablePosition);
        // Digests count for one position of the table; when it has moved on, the next silence brings new ones.
        var digests = _digests is { } known && known.Position == TablePosition && _pending.Count == 0 ? known.Shards : [];
        _digests = null;
        return Send(RowsKind.Delta, rows, null, digests, now);
    }

    private SessionStep.Send Send(RowsKind kind, EquatableArray<FragmentUpdate> rows, SnapshotEnd? end, EquatableArray<ShardDigest> digests, TimeSpan now)
    {
        // Completeness counts once every row before it has gone, so neither with a part of a snapshot nor while rows wait.
        var readiness = _pending.Count == 0 && (kind == RowsKind.Delta || end is not null) ? _readiness : null;
        if (readiness is not null)
            _readiness = null;
        if (_refused.Count > 0)
        {
            foreach (var row in rows)
                _refused.Remove(row.Entity.ToString());
        }

        _lastSent = now;
        return new SessionStep.Send(new ControllerMessage.Rows(++_nonce, _sentPosition, kind, rows, readiness, end, digests));
    }

    private bool Answers(long nonce)
    {
        if (nonce > _nonce)
            _broken ??= $"the agent answered message {nonce} of {_nonce}";
        if (nonce != _nonce || !IsOutstanding)
            return false;
        _answered = nonce;
        return true;
    }

    private void OnNack(AgentMessage.Nack nack)
    {
        AckedPosition = Math.Max(AckedPosition, nack.Position);
        if (nack.Refused.IsEmpty)
            _broken ??= $"the agent refused: {nack.Reason}";
        foreach (var entity in nack.Refused)
            Refuse(entity, nack.Reason);
    }

    private void Resend(EquatableArray<int> differing)
    {
        if (differing.IsEmpty || _snapshot is not null)
            return;
        var shards = differing.Where(shard => shard >= 0 && shard < _shards).Distinct().ToList();
        if (shards.Count > 0)
            _snapshot = new SnapshotRun(shards, new FragmentVersion[_shards], _sentPosition);
    }

    private void Oversized(FragmentUpdate row) => Refuse(row.Entity, $"about {RowWeights.Of(row)} bytes are too many for a message");

    private void Refuse(EntityId entity, string reason)
    {
        if (_refused.Count < MostRefused || _refused.ContainsKey(entity.ToString()))
            _refused[entity.ToString()] = reason;
    }
}
