using Google.Protobuf;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2.Codec;
using Wire = MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class PeerCodecTests
{
    private readonly PeerCodec _codec = new(new TextCodec());

    /// <summary>What is on the wire is a contract with builds that are already running: change this file only by adding to it.</summary>
    [Fact]
    public void Every_message_has_the_bytes_of_the_golden_file()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Transport", "Http2", "Golden", "peer-messages.v1.txt");
        var actual = string.Concat(PeerMessageSamples.All.Select(sample => $"{sample.Key}\n  {Convert.ToHexStringLower(Encode(sample.Value))}\n"));
        File.WriteAllText(golden + ".actual", actual);
        Assert.Equal(File.ReadAllText(golden), actual);
    }

    [Fact]
    public void Every_golden_message_is_read_back()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Transport", "Http2", "Golden", "peer-messages.v1.txt"));
        Assert.Equal(PeerMessageSamples.All.Count, lines.Length / 2);
        for (var line = 0; line < lines.Length; line += 2)
        {
            var (message, fault) = _codec.Decode(Wire.Frame.Parser.ParseFrom(Convert.FromHexString(lines[line + 1].Trim())));
            Assert.Null(fault);
            Assert.Equal(PeerMessageSamples.All[lines[line]].GetType(), message!.GetType());
            Assert.Equivalent(PeerMessageSamples.All[lines[line]], message, strict: true);
        }
    }

    [Fact]
    public void No_message_is_forgotten()
    {
        var sampled = PeerMessageSamples.All.Values.Select(static sample => sample.GetType())
            .Concat(PeerMessageSamples.All.Values.OfType<ShardEnvelope>().Select(static envelope => envelope.Message.GetType()))
            .ToHashSet();
        var forgotten = typeof(IPeerMessage).Assembly.GetTypes()
            .Where(static type => type is { IsAbstract: false, IsInterface: false })
            .Where(static type => type.IsAssignableTo(typeof(IPeerMessage)) || type.IsAssignableTo(typeof(DeliveryProtocol.FromSource)) || type.IsAssignableTo(typeof(DeliveryProtocol.FromShard)))
            .Where(type => !sampled.Contains(type))
            .Select(static type => type.Name);
        Assert.Empty(forgotten);
    }

    [Fact]
    public void A_message_of_a_later_version_is_named_and_not_decoded()
    {
        // Field 999, a message of two bytes.
        var (message, fault) = _codec.Decode(Wire.Frame.Parser.WithDiscardUnknownFields(true).ParseFrom([0x08, 0x05, 0xba, 0x3e, 0x02, 0x08, 0x01]));
        Assert.Null(message);
        Assert.Equal("a message of a later version", fault);
    }

    [Fact]
    public void A_field_of_a_later_version_is_skipped()
    {
        var known = new Wire.Frame { Number = 5, ShardMoving = new Wire.ShardMoving { Shard = 3, Epoch = 4 } }.ToByteArray();
        var (message, _) = _codec.Decode(Wire.Frame.Parser.ParseFrom([.. known, 0xb8, 0x3e, 0x07]));
        Assert.Equal(new ShardMoving(3, 4), message);
    }

    [Fact]
    public void A_table_payload_that_cannot_be_read_is_kept_and_passed_on()
    {
        var wire = Wire.Frame.Parser.ParseFrom(Encode(new TableDelta([new("web/shop", new TableVersion(9, 5), "fragment")])));
        wire.TableDelta.Entries[0].Payload.Type = "later";
        var (message, fault) = _codec.Decode(wire);
        Assert.Null(fault);
        var entry = Assert.Single(((TableDelta)message!).Entries);
        Assert.False(entry.IsTombstone);
        Assert.Equal(entry.Payload, new UnknownPayload("later", ByteString.CopyFromUtf8("fragment")));
        Assert.Equal(wire.ToByteArray(), Encode((TableDelta)message));
    }

    [Theory]
    [InlineData("later")]
    [InlineData("bomb")]
    public void A_message_to_an_entity_that_cannot_be_read_is_dropped_whole(string type)
    {
        foreach (var sample in new[] { "shard-envelope", "envelope-refused", "reply-envelope", "source-batch" })
        {
            var wire = Wire.Frame.Parser.ParseFrom(Encode(PeerMessageSamples.All[sample]));
            Rename(wire, type);
            var (message, fault) = _codec.Decode(wire);
            Assert.Null(message);
            Assert.Contains(type, fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_that_is_missing_passes_for_a_deletion()
    {
        var delta = new Wire.TableDelta { Entries = { new Wire.TableEntry { Key = "web/shop" } } };
        Assert.NotNull(_codec.Decode(new Wire.Frame { TableDelta = delta }).Fault);
        var batch = new Wire.SourceBatch { Items = { new Wire.Item { Key = "web/shop" } } };
        Assert.NotNull(_codec.Decode(new Wire.Frame { ShardEnvelope = new() { Letter = new() { SourceBatch = batch } } }).Fault);
        Assert.NotNull(_codec.Decode(new Wire.Frame { ShardEnvelope = new() }).Fault);
        Assert.NotNull(_codec.Decode(new Wire.Frame { EnvelopeRefused = new() }).Fault);
    }

    [Fact]
    public void An_object_without_an_encoding_is_named()
    {
        Assert.Equal("Version", _codec.Encode(1, new ReplyEnvelope(1, new Version(1, 2))).Fault);
        Assert.Equal("Version", _codec.Encode(1, new TableDelta([new("k", default, new Version(1, 2))])).Fault);
    }

    private static void Rename(Wire.Frame wire, string type)
    {
        var letter = wire.ShardEnvelope?.Letter ?? wire.EnvelopeRefused?.Envelope.Letter ?? wire.ReplyEnvelope.Letter;
        (letter.Payload ?? letter.SourceBatch.Items[0].Payload).Type = type;
    }

    private byte[] Encode(IPeerMessage message)
    {
        var (frame, fault) = _codec.Encode(7, message);
        Assert.Null(fault);
        return frame.ToByteArray();
    }
}
