using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Sessions;

/// <summary>
/// The agent's side: a replica of the rows, over however many sessions with whichever controllers, and the routing that follows from it.
/// No I/O, clocks or threads; the protocol is told in README.md.
/// </summary>
/// <param name="memory">Of an earlier life; null if there was none.</param>
internal sealed class AgentCore(AgentIdentity identity, AgentOptions options, AgentMemory? memory)
{
    private const int MostShards = 1 << 16;

    private readonly RoutingTable _routing = new();
    private readonly AppliedMarks _applied = new();
    private RowTable? _rows;
    private SnapshotStaging? _staging;
    private Readiness? _controllers;
    private DateTimeOffset? _behindSince;
    private bool _welcomed;
    private bool _isOnly;
    private bool _snapshotTaken;
    private long _nonce;

    /// <summary>What HAProxy may do with the table. Once complete it stays so: rows go only one by one then.</summary>
    public Readiness Readiness { get; private set; } = new([Readiness.NoController], GaveUpWaiting: false);

    /// <summary>Of the controller connected with; what has been taken.</summary>
    public long Position { get; private set; }

    public string? Node { get; private set; }

    public long RowsTaken { get; private set; }

    /// <summary>Older than, or the same as, what was here.</summary>
    public long RowsIgnored { get; private set; }

    public int Live => _rows?.Live ?? 0;

    /// <summary>Some member is to get no new sessions.</summary>
    public bool HasDrains => _routing.Members.Values.Any(static member => member.State != MemberState.Active);

    public DateTimeOffset? NextCertificateExpiry => _routing.NextCertificateExpiry;

    /// <summary>To be remembered once HAProxy holds it; null while nothing is known.</summary>
    public AgentMemory? Memory => _rows is null ? memory : new AgentMemory(new([.. Enumerable.Range(0, _rows.Shards).Select(shard => HighestOf(_rows, shard))]));

    private long HighestEpoch => Math.Max(_rows?.HighestEpoch ?? 0, memory is null ? 0 : memory.Highest.Select(static version => version.Epoch).DefaultIfEmpty().Max());

    public RoutingDelta Snapshot() => _routing.Snapshot();

    public FragmentUpdate? Row(EntityId entity) => _rows?.Find(entity);

    public ShardDigest Digest(int shard) => _rows?.Digest(shard) ?? default;

    /// <summary>A connection stands: what was under way on the one before is void.</summary>
    public AgentMessage.Hello Connect()
    {
        Disconnect();
        return new AgentMessage.Hello(identity.Cluster, identity.Proxy, identity.Incarnation, HighestEpoch, _rows?.Digests ?? []);
    }

    public void Disconnect()
    {
        _staging = null;
        _welcomed = false;
        _snapshotTaken = false;
        _nonce = 0;
        Position = 0;
        Node = null;
        _applied.Clear();
    }

    public AgentOutcome Receive(ControllerMessage message, DateTimeOffset now) => message switch
    {
        ControllerMessage.Welcome welcome => OnWelcome(welcome),
        ControllerMessage.Refusal refusal => new AgentOutcome(Close: $"refused: {refusal.Reason}"),
        ControllerMessage.Rows rows => OnRows(rows, now),
        _ => throw new InvalidOperationException($"{message.GetType()} is no message for an agent."),
    };

    /// <summary>Time alone may change which certificate a host has.</summary>
    public RoutingDelta? Reevaluate(DateTimeOffset now) => NotEmpty(_routing.Reevaluate(now).Delta);

    /// <param name="version">Of the agent's own deltas.</param>
    public AgentMessage.Applied? OnApplied(long version) => Applied(_applied.Apply(version));

    private AgentOutcome OnWelcome(ControllerMessage.Welcome welcome)
    {
        if (_welcomed)
            return new AgentOutcome(Close: "the controller said welcome twice");
        if (!string.Equals(welcome.Cluster, identity.Cluster, StringComparison.Ordinal))
            return new AgentOutcome(Close: $"node {welcome.Node} is of cluster \"{welcome.Cluster}\", not of \"{identity.Cluster}\"");
        if (welcome.Shards is < 1 or > MostShards)
            return new AgentOutcome(Close: $"node {welcome.Node} has {welcome.Shards} shards");
        _welcomed = true;
        _isOnly = welcome.IsOnly;
        Node = welcome.Node;
        if (_rows?.Shards != welcome.Shards)
            Repartition(welcome.Shards);
        return AgentOutcome.None;
    }

    /// <summary>Another cluster has taken the place of the one before. Rows stay, but which of them it has deleted only it can say.</summary>
    private void Repartition(int shards)
    {
        var rows = new RowTable(shards);
        foreach (var row in _rows?.Rows ?? [])
            rows.Merge(row);
        _rows = rows;
    }

    private AgentOutcome OnRows(ControllerMessage.Rows message, DateTimeOffset now)
    {
        if (!_welcomed || _rows is null)
            return new AgentOutcome(Close: "rows before the welcome");
        if (message.Nonce <= _nonce)
            return new AgentOutcome(new AgentMessage.Ack(message.Nonce, Position, []));
        if (message.Nonce != _nonce + 1)
            return new AgentOutcome(Close: $"message {message.Nonce} came after {_nonce}");
        _nonce = message.Nonce;
        return message.Kind == RowsKind.Snapshot ? OnPart(_rows, message, now) : OnDelta(_rows, message, now);
    }

    private AgentOutcome OnPart(RowTable rows, ControllerMessage.Rows message, DateTimeOffset now)
    {
        _staging ??= new SnapshotStaging();
        foreach (var row in message.Updates)
            _staging.Add(row);
        if (_staging.Count > options.MaxSnapshotRows)
            return RefuseSnapshot(message, $"snapshot of more than {options.MaxSnapshotRows} rows");
        if (message.End is not { } end)
            return new AgentOutcome(new AgentMessage.Ack(message.Nonce, Position, []));
        if (_staging.Problem(end, rows.Shards, rows.ShardOf) is { } problem)
            return RefuseSnapshot(message, problem);
        var staged = _staging.Rows;
        _staging = null;
        _snapshotTaken = true;
        return Take(rows, message, staged, end, now);
    }

    private AgentOutcome OnDelta(RowTable rows, ControllerMessage.Rows message, DateTimeOffset now) => Take(rows, message, message.Updates, null, now);

    private AgentOutcome RefuseSnapshot(ControllerMessage.Rows message, string reason)
    {
        _staging = null;
        return new AgentOutcome(new AgentMessage.Nack(message.Nonce, Position, reason, []), Close: reason);
    }

    private AgentOutcome Take(RowTable rows, ControllerMessage.Rows message, IReadOnlyCollection<FragmentUpdate> updates, SnapshotEnd? end, DateTimeOffset now)
    {
        var news = new List<FragmentUpdate>(updates.Count);
        var refused = ImmutableArray.CreateBuilder<EntityId>();
        foreach (var update in updates)
        {
            if (!IsSound(update))
                refused.Add(update.Entity);
            else if (rows.Merge(update))
                news.Add(update);
            else
                RowsIgnored++;
        }

        if (end is not null)
            Complete(rows, end, updates, refused, news);
        RowsTaken += news.Count;
        var differing = Compare(rows, message.Digests);
        var delta = NotEmpty(_routing.Apply(CollectionsMarshal.AsSpan(news), now).Delta);
        Position = Math.Max(Position, message.Position);
        _controllers = message.Readiness ?? _controllers;
        var readiness = Judge(rows, now);
        AgentMessage reply = refused.Count == 0
            ? new AgentMessage.Ack(message.Nonce, Position, differing)
            : new AgentMessage.Nack(message.Nonce, Position, "a row and its content are not of the same thing", new(refused.ToImmutable()));
        return new AgentOutcome(reply, delta, readiness, Applied(_applied.Reach(_routing.Version, Position)));
    }

    /// <summary>Deletions by absence: only here, where all that the controller has of a shard has come.</summary>
    private static void Complete(
        RowTable rows, SnapshotEnd end, IReadOnlyCollection<FragmentUpdate> staged, IReadOnlyCollection<EntityId> refused, List<FragmentUpdate> news)
    {
        var present = staged.Select(static row => row.Entity).ToHashSet();
        var spoiled = refused.Select(rows.ShardOf).ToHashSet();
        var sent = end.Shards.ToHashSet();
        for (var shard = 0; shard < end.Baselines.Count; shard++)
        {
            if (!sent.Contains(shard))
                rows.Adopt(shard, end.Baselines[shard]);
            else if (!spoiled.Contains(shard))
                news.AddRange(rows.Complete(shard, end.Baselines[shard], present));
        }
    }

    /// <returns>Shards that are not as the controller has them.</returns>
    private static EquatableArray<int> Compare(RowTable rows, EquatableArray<ShardDigest> digests)
    {
        if (digests.Count != rows.Shards)
            return [];
        var differing = ImmutableArray.CreateBuilder<int>();
        for (var shard = 0; shard < digests.Count; shard++)
        {
            if (rows.Digest(shard).Hash == digests[shard].Hash)
                rows.Adopt(shard, digests[shard].Baseline);
            else
                differing.Add(shard);
        }

        return new(differing.DrainToImmutable());
    }

    /// <returns>Null when as before.</returns>
    private Readiness? Judge(RowTable rows, DateTimeOffset now)
    {
        if (Readiness.IsComplete || !_snapshotTaken || _controllers is not { } controllers)
            return null;
        var next = controllers;
        if (IsBehind(rows))
        {
            _behindSince ??= now;
            if (now - _behindSince < options.CatchUp)
                next = controllers with { Missing = [.. controllers.Missing, Readiness.ControllerBehind], GaveUpWaiting = controllers.MayStart };
        }

        // Who may program may go on, whoever tells now.
        next = next with { GaveUpWaiting = next.GaveUpWaiting || Readiness.GaveUpWaiting };
        if (next.Missing.SequenceEqual(Readiness.Missing) && next.GaveUpWaiting == Readiness.GaveUpWaiting && next.RemembersMissing == Readiness.RemembersMissing)
            return null;
        return Readiness = next;
    }

    /// <summary>The table may lack something that this proxy's HAProxy, which outlives the agent, holds.</summary>
    private bool IsBehind(RowTable rows)
    {
        if (_isOnly || memory is null || memory.Highest.Count != rows.Shards)
            return false;
        for (var shard = 0; shard < rows.Shards; shard++)
        {
            if (rows.Digest(shard).Baseline < memory.Highest[shard])
                return true;
        }

        return false;
    }

    private FragmentVersion HighestOf(RowTable rows, int shard)
    {
        var own = rows.Highest(shard);
        return memory?.Highest.Count == rows.Shards && memory.Highest[shard] > own ? memory.Highest[shard] : own;
    }

    private static bool IsSound(FragmentUpdate update) => update.Fragment switch
    {
        null => true,
        Fragment.Ingress ingress => update.Entity == EntityId.Ingress(ingress.Key),
        Fragment.Backend backend => update.Entity == EntityId.Backend(backend.Service),
        Fragment.Member member => update.Entity == EntityId.Member(member.Name),
        _ => false,
    };

    private static RoutingDelta? NotEmpty(RoutingDelta delta) => delta.IsEmpty ? null : delta;

    private static AgentMessage.Applied? Applied(long? position) => position is { } reached ? new AgentMessage.Applied(reached) : null;
}
