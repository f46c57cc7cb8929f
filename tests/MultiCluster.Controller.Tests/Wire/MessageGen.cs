using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using G = MultiCluster.Controller.Tests.Wire.ModelGen;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>Arbitrary messages of every type of the wire.</summary>
internal static class MessageGen
{
    private static readonly Gen<ObjectReference?> Reference =
        from there in G.Flag
        from member in G.Member
        from kind in Gen.Elements(Enum.GetValues<ResourceKind>())
        from key in G.Key
        from uid in G.Text
        from version in G.Text
        select there ? new ObjectReference(member, kind, key, uid, version) : null;

    public static readonly Gen<Cause> Cause =
        from kind in Gen.Elements(Enum.GetValues<CauseKind>()) from source in Reference from note in G.Text select new Cause(kind, source, note);

    private static readonly Gen<CertificateFacts> Facts =
        from fingerprint in G.Text
        from before in G.Instant
        from after in G.Instant
        from names in G.Array(G.Text)
        from secret in G.Text
        from rank in G.Rank
        select new CertificateFacts(fingerprint, before, after, names, secret, rank);

    public static readonly Gen<Decision> Decision = Gen.OneOf(
        from cause in Cause from claim in G.RouteClaim select (Decision)new Decision.RouteAdded(cause, claim with { Policy = claim.Policy?.Redacted() }),
        from cause in Cause from key in G.RouteKey select (Decision)new Decision.RouteRemoved(cause, key),
        from cause in Cause from member in G.Member from backend in G.MemberBackend select (Decision)new Decision.BackendChanged(cause, member, backend),
        from cause in Cause from member in G.Member select (Decision)new Decision.BackendChanged(cause, member, null),
        from cause in Cause from host in G.Text from facts in Facts select (Decision)new Decision.CertificateChanged(cause, host, facts),
        from cause in Cause from host in G.Text select (Decision)new Decision.CertificateChanged(cause, host, null),
        from cause in Cause from accepted in G.Array(G.Member) from conditions in G.Array(G.CopyCondition)
        select (Decision)new Decision.ConditionsChanged(cause, accepted, conditions),
        from cause in Cause from conflict in G.Condition select (Decision)new Decision.ConflictRaised(cause, conflict),
        from cause in Cause from reason in G.Text select (Decision)new Decision.ConflictCleared(cause, reason),
        Cause.Select(static cause => (Decision)new Decision.EntityGone(cause)),
        from cause in Cause from traffic in G.Policy select (Decision)new Decision.TrafficChanged(cause, traffic),
        from cause in Cause from member in G.Member from traits in G.Traits.OrNull() select (Decision)new Decision.MemberChanged(cause, member, traits));

    private static Gen<MemberOrders> Orders =>
        from state in G.Optional(G.State) from removed in G.Flag from leaving in G.Flag from origin in G.Text
        select new MemberOrders(state, removed) { IsLeaving = leaving, Origin = origin };

    public static readonly Gen<EntityRecord> Record = Gen.OneOf(
        from key in G.Key from copies in G.Array(G.IngressCopy) from there in G.Flag from fragment in G.IngressFragment
        from ranks in G.Array(G.RecordedRank)
        select (EntityRecord)new EntityRecord.Ingress(key, copies, there ? fragment : null) { Ranks = ranks },
        from key in G.Key
        from copies in G.Array(G.ServiceCopy)
        from resolved in G.Array(from name in G.Text from addresses in G.Array(G.Text) select new ResolvedName(name, addresses))
        from there in G.Flag
        from fragment in G.BackendFragment
        select (EntityRecord)new EntityRecord.Backend(key, copies, resolved, there ? fragment : null),
        from name in G.Member from copies in G.Array(G.Word) from orders in Orders from fragment in G.MemberFragment.OrNull()
        select (EntityRecord)new EntityRecord.Member(name, copies, orders, fragment));

    private static readonly Gen<ShardDigest> Digest = from hash in G.Count from baseline in G.Version select new ShardDigest((ulong)hash, baseline);

    private static readonly Gen<SnapshotEnd?> End =
        from there in G.Flag from rows in G.Count from shards in G.Array(G.Number) from baselines in G.Array(G.Version)
        select there ? new SnapshotEnd(rows, shards, baselines) : null;

    public static readonly Gen<ControllerMessage> Rows =
        from nonce in G.Count
        from position in G.Count
        from kind in Gen.Elements(RowsKind.Snapshot, RowsKind.Delta)
        from updates in G.Array(G.Update)
        from end in End
        from digests in G.Array(Digest)
        select (ControllerMessage)new ControllerMessage.Rows(nonce, position, kind, updates, null, end, digests);

    private static Gen<EquatableArray<MemberLoad>> Loads => G.Array(from member in G.Member from sessions in G.Count select new MemberLoad(member, sessions));

    public static readonly Gen<object> Any = Gen.OneOf<object>(
        G.IngressCopy.Select(static value => (object)value),
        G.ServiceCopy.Select(static value => (object)value),
        G.Word.Select(static value => (object)value),
        Record.Select(static value => (object)value),
        Decision.Select(static value => (object)value),
        G.Fragment.Select(static value => (object)value),
        G.Update.Select(static value => (object)value),
        G.Array(G.Condition).Select(static value => (object)new EntityProtocol.ConflictsChanged(value)),
        Gen.Constant<object>(new EntityProtocol.GetIngress()),
        from key in G.Key from there in G.Flag from fragment in G.IngressFragment from conditions in G.Array(G.CopyCondition)
        select (object)new EntityProtocol.IngressState(key, there ? fragment : null, conditions),
        G.Member.Select(static value => (object)new MemberProtocol.MemberSynced(value)),
        Gen.Constant<object>(new MemberProtocol.GetStatus()),
        from state in G.State from who in G.Text select (object)new MemberProtocol.SetState(state) { By = who },
        from origin in G.Text.OrNull() from grace in G.Number from who in G.Text select (object)new MemberProtocol.Remove(origin, TimeSpan.FromMilliseconds(grace)) { By = who },
        Gen.Constant<object>(new MemberProtocol.Approve()),
        Gen.Constant<object>(new MemberProtocol.GetTraits()),
        Gen.Constant<object>(MemberProtocol.RegistrationChanged.Instance),
        from member in G.Member from traits in G.Traits.OrNull() from orders in Orders from footprint in G.Footprint
        select (object)new MemberProtocol.Traits(member, traits, orders) { Footprint = footprint },
        from member in G.Member from released in G.Array(G.Text) select (object)new MemberProtocol.Approved(member, released),
        G.Number.Select(static value => (object)new ShardingProtocol.GetShard(value)),
        from cluster in G.Text from proxy in G.Text from life in G.Text from epoch in G.Count from shards in G.Array(Digest)
        select (object)new AgentMessage.Hello(cluster, proxy, life, epoch, shards),
        from nonce in G.Count from position in G.Count from shards in G.Array(G.Number) select (object)new AgentMessage.Ack(nonce, position, shards),
        from nonce in G.Count from position in G.Count from reason in G.Text from refused in G.Array(G.Entity)
        select (object)new AgentMessage.Nack(nonce, position, reason, refused),
        G.Count.Select(static value => (object)new AgentMessage.Applied(value)),
        Loads.Select(static value => (object)new AgentMessage.Loads(value)),
        Gen.Constant<object>(new NodeProtocol.GetProxyLoads()),
        G.Array(from proxy in G.Text from loads in G.Optional(Loads) select new ProxyLoad(proxy, loads)).Select(static value => (object)new NodeProtocol.ProxyLoads(value)),
        from cluster in G.Text from node in G.Text from life in G.Text from epoch in G.Count from shards in G.Number from only in G.Flag
        select (object)new ControllerMessage.Welcome(cluster, node, life, epoch, shards, only),
        G.Text.Select(static value => (object)new ControllerMessage.Refusal(value)),
        Rows.Select(static value => (object)value));

    /// <summary>Holds lists that don't compare by value.</summary>
    public static readonly Gen<MemberProtocol.MemberStatus> Status =
        from member in G.Member
        from source in G.Text
        from complete in G.Flag
        from stale in G.Array(from kind in Gen.Elements(Enum.GetValues<ResourceKind>()) from reason in G.Text select new StaleKind(kind, reason))
        from problems in G.Array(G.Text)
        from size in G.Number
        from last in G.Optional(G.Instant)
        from behind in G.Optional(G.Number)
        from held in G.Array(G.Text)
        from credentials in G.Text
        select new MemberProtocol.MemberStatus(member, source, complete, stale, problems, size, size + 1, size + 2, last)
        {
            Behind = behind is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Held = held,
            CredentialProblem = credentials.Length == 0 ? null : credentials,
        };
}
