using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public static P.Hello Write(AgentMessage.Hello hello)
    {
        var wire = new P.Hello { Cluster = hello.Cluster, Proxy = hello.Proxy, Incarnation = hello.Incarnation, HighestEpoch = hello.HighestEpoch };
        foreach (var shard in hello.Shards)
            wire.Shards.Add(Write(shard));
        return wire;
    }

    public static P.Ack Write(AgentMessage.Ack ack)
    {
        var wire = new P.Ack { Nonce = ack.Nonce, Position = ack.Position };
        wire.Differing.AddRange(ack.Differing);
        return wire;
    }

    public static P.Nack Write(AgentMessage.Nack nack)
    {
        var wire = new P.Nack { Nonce = nack.Nonce, Position = nack.Position, Reason = nack.Reason };
        foreach (var entity in nack.Refused)
            wire.Refused.Add(Write(entity));
        return wire;
    }

    public static P.Loads Write(AgentMessage.Loads loads)
    {
        var wire = new P.Loads();
        foreach (var (member, sessions) in loads.Members)
            wire.Members.Add(new P.MemberLoad { Member = member.Value, Sessions = sessions });
        return wire;
    }

    public static P.Applied Write(AgentMessage.Applied applied) => new() { Position = applied.Position };

    public static P.Welcome Write(ControllerMessage.Welcome welcome) => new()
    {
        Cluster = welcome.Cluster,
        Node = welcome.Node,
        Incarnation = welcome.Incarnation,
        HighestEpoch = welcome.HighestEpoch,
        Shards = welcome.Shards,
        IsOnly = welcome.IsOnly,
    };

    public static P.Refusal Write(ControllerMessage.Refusal refusal) => new() { Reason = refusal.Reason };

    public P.Rows Write(ControllerMessage.Rows rows)
    {
        var wire = new P.Rows
        {
            Nonce = rows.Nonce,
            Position = rows.Position,
            Kind = (P.RowsKind)((int)rows.Kind + 1),
            Readiness = rows.Readiness is { } readiness ? Write(readiness) : null,
            SnapshotEnd = rows.End is { } end ? Write(end) : null,
        };
        foreach (var update in rows.Updates)
            wire.Updates.Add(Write(update));
        foreach (var digest in rows.Digests)
            wire.Digests.Add(Write(digest));
        return wire;
    }

    private static P.ShardDigest Write(ShardDigest digest) => new() { Hash = digest.Hash, Baseline = Write(digest.Baseline) };

    private static P.Readiness Write(Readiness readiness)
    {
        var wire = new P.Readiness { GaveUpWaiting = readiness.GaveUpWaiting, RemembersMissing = readiness.RemembersMissing };
        AddTo(wire.Missing, readiness.Missing);
        return wire;
    }

    private static P.SnapshotEnd Write(SnapshotEnd end)
    {
        var wire = new P.SnapshotEnd { Rows = end.Rows };
        wire.ShardsSent.AddRange(end.Shards);
        foreach (var baseline in end.Baselines)
            wire.Baselines.Add(Write(baseline));
        return wire;
    }
}
