using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public AgentMessage.Hello Read(P.Hello hello) =>
        new(hello.Cluster, hello.Proxy, hello.Incarnation, hello.HighestEpoch, Each(hello.Shards, Read));

    public static AgentMessage.Ack Read(P.Ack ack) => new(ack.Nonce, ack.Position, new([.. ack.Differing]));

    public AgentMessage.Nack Read(P.Nack nack) => new(nack.Nonce, nack.Position, nack.Reason, Each(nack.Refused, Read));

    public static AgentMessage.Loads Read(P.Loads loads) => new(Each(loads.Members, static load => new MemberLoad(new MemberName(load.Member), load.Sessions)));

    public static AgentMessage.Applied Read(P.Applied applied) => new(applied.Position);

    public static ControllerMessage.Welcome Read(P.Welcome welcome) =>
        new(welcome.Cluster, welcome.Node, welcome.Incarnation, welcome.HighestEpoch, welcome.Shards, welcome.IsOnly);

    public static ControllerMessage.Refusal Read(P.Refusal refusal) => new(refusal.Reason);

    public ControllerMessage.Rows Read(P.Rows rows) => new(
        rows.Nonce,
        rows.Position,
        Enumerator<RowsKind>((int)rows.Kind),
        Each(rows.Updates, Read),
        rows.Readiness is null ? null : new Readiness(Members(rows.Readiness.Missing).Items, rows.Readiness.GaveUpWaiting) { RemembersMissing = rows.Readiness.RemembersMissing },
        rows.SnapshotEnd is not { } end ? null : new SnapshotEnd(end.Rows, new EquatableArray<int>([.. end.ShardsSent]), Each(end.Baselines, Read)),
        Each(rows.Digests, Read));

    private ShardDigest Read(P.ShardDigest digest) => new(digest.Hash, Read(digest.Baseline));
}
