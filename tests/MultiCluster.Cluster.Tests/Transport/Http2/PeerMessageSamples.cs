using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>One of each message that travels, with every field set somewhere.</summary>
internal static class PeerMessageSamples
{
    private static readonly SourceGeneration Generation = new(3, 1);
    private static readonly ShardSession Session = new(9, 2);
    private static readonly BucketMarks Marks = new(new TableVersion(9, 4), new TableVersion(8, 77));

    public static IReadOnlyDictionary<string, IPeerMessage> All { get; } = new Dictionary<string, IPeerMessage>(StringComparer.Ordinal)
    {
        ["shard-envelope"] = new ShardEnvelope(5, "web/shop", true, 12, "hello", new ReplyAddress(new NodeId("a", "1f"), 42)),
        ["shard-envelope-to-shard"] = Envelope("x") with { Key = null, Starts = false },
        ["shard-envelope-to-empty-key"] = Envelope("x") with { Key = "" },
        ["envelope-refused"] = new EnvelopeRefused(Envelope("back"), 13),
        ["shard-moving"] = new ShardMoving(63, long.MaxValue),
        ["shard-held"] = new ShardHeld(0, 1),
        ["shard-owned"] = new ShardOwned(7, 8),
        ["reply-envelope"] = new ReplyEnvelope(42, "answer"),
        ["reply-no-such-entity"] = new ReplyEnvelope(43, new ShardingProtocol.NoSuchEntity("web/gone")),
        ["source-open"] = Envelope(new DeliveryProtocol.Open("member/aws", Generation)),
        ["source-batch"] = Envelope(new DeliveryProtocol.Batch("member/aws", Generation, Session, 6, [new("web/shop", 17, "copy"), new("web/gone", 18, null), new("web/empty", 19, "")])),
        ["source-complete"] = Envelope(new DeliveryProtocol.Complete("member/aws", Generation, Session, 7, ["web/shop", "web/empty"])),
        ["source-unreachable"] = Envelope(new DeliveryProtocol.Unreachable("member/aws", Generation, Session, 8)),
        ["session-opened"] = Envelope(new DeliveryProtocol.Opened(5, Session)),
        ["session-taken"] = Envelope(new DeliveryProtocol.Taken(5, Session, Generation, 6)),
        ["session-settled"] = Envelope(new DeliveryProtocol.Settled(5, Session, Generation, [new("web/shop", 17), new("web/gone", 18)])),
        ["session-resend"] = Envelope(new DeliveryProtocol.Resend(5, Session, ["web/shop"])),
        ["table-delta"] = new TableDelta([new("web/shop", new TableVersion(9, 5), "fragment"), new("web/gone", new TableVersion(9, 6), null)]),
        ["bucket-digests"] = new BucketDigests([new(0, 0, default), new(5, 0xfedc_ba98_7654_3210, Marks)]),
        ["bucket-query"] = new BucketQuery([0, 5, 63], 4),
        ["bucket-summary"] = new BucketSummary(5, Marks, [new("web/shop", new TableVersion(9, 5)), new("web/gone", new TableVersion(9, 6))], 4),
        ["bucket-pull"] = new BucketPull(5, ["web/shop"]),
        ["bucket-entries"] = new BucketEntries(5, [new("web/shop", new TableVersion(9, 5), "fragment")]),
        ["store-changed"] = new StoreChanged(),
        ["epoch-observed"] = new EpochObserved(5, 12),
        ["node-question"] = new NodeQuestion(44, "how many"),
        ["node-answer"] = new NodeAnswer(44, "many"),
    };

    private static ShardEnvelope Envelope(object message) => new(5, "member/aws", true, 12, message, null);
}
