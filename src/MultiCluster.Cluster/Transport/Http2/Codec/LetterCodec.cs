using System.Collections.Immutable;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>What is within envelopes: the cluster's own deliveries, and anything else through the application's codec.</summary>
internal static class LetterCodec
{
    public static Wire.Letter Encode(object message, ref PayloadCoder coder)
    {
        switch (message)
        {
            case DeliveryProtocol.FromSource fromSource:
                return EncodeFromSource(fromSource, ref coder);
            case DeliveryProtocol.FromShard fromShard:
                return EncodeFromShard(fromShard, ref coder);
            case ShardingProtocol.NoSuchEntity(var key):
                return new Wire.Letter { NoSuchEntity = new Wire.NoSuchEntity { Key = key } };
            default:
                // Null if it can't be encoded, which the coder remembers.
                var letter = new Wire.Letter();
                if (coder.Encode(message) is { } payload)
                    letter.Payload = payload;
                return letter;
        }
    }

    public static object Decode(Wire.Letter? letter, ref PayloadCoder coder)
    {
        var content = letter is null ? null : (object?)DecodeFromSource(letter, ref coder) ?? DecodeFromShard(letter);
        if (content is not null)
            return content;
        switch (letter?.ContentCase)
        {
            case Wire.Letter.ContentOneofCase.Payload:
                return coder.Decode(letter.Payload);
            case Wire.Letter.ContentOneofCase.NoSuchEntity:
                return new ShardingProtocol.NoSuchEntity(letter.NoSuchEntity.Key);
            default:
                coder.Fail("a letter of a later version");
                return PayloadCoder.Unread;
        }
    }

    private static Wire.Letter EncodeFromSource(DeliveryProtocol.FromSource message, ref PayloadCoder coder)
    {
        var generation = Encode(message.Generation);
        switch (message)
        {
            case DeliveryProtocol.Open(var source, _):
                return new Wire.Letter { SourceOpen = new Wire.SourceOpen { Source = source, Generation = generation } };
            case DeliveryProtocol.Batch(var source, _, var session, var number, var items):
                var batch = new Wire.SourceBatch { Source = source, Generation = generation, Session = Encode(session), Number = number };
                foreach (var item in items)
                    batch.Items.Add(Encode(item, ref coder));
                return new Wire.Letter { SourceBatch = batch };
            case DeliveryProtocol.Complete(var source, _, var session, var number, var keys):
                var complete = new Wire.SourceComplete { Source = source, Generation = generation, Session = Encode(session), Number = number };
                complete.Keys.AddRange(keys);
                return new Wire.Letter { SourceComplete = complete };
            case DeliveryProtocol.Unreachable(var source, _, var session, var number):
                return new Wire.Letter { SourceUnreachable = new Wire.SourceUnreachable { Source = source, Generation = generation, Session = Encode(session), Number = number } };
            default:
                coder.Fail(message.GetType().Name);
                return new Wire.Letter();
        }
    }

    private static Wire.Letter EncodeFromShard(DeliveryProtocol.FromShard message, ref PayloadCoder coder)
    {
        var session = Encode(message.Session);
        switch (message)
        {
            case DeliveryProtocol.Opened(var shard, _):
                return new Wire.Letter { SessionOpened = new Wire.SessionOpened { Shard = shard, Session = session } };
            case DeliveryProtocol.Taken(var shard, _, var generation, var number):
                return new Wire.Letter { SessionTaken = new Wire.SessionTaken { Shard = shard, Session = session, Generation = Encode(generation), Number = number } };
            case DeliveryProtocol.Settled(var shard, _, var generation, var items):
                var settled = new Wire.SessionSettled { Shard = shard, Session = session, Generation = Encode(generation) };
                foreach (var item in items)
                    settled.Items.Add(new Wire.SettledItem { Key = item.Key, Sequence = item.Sequence });
                return new Wire.Letter { SessionSettled = settled };
            case DeliveryProtocol.Resend(var shard, _, var keys):
                var resend = new Wire.SessionResend { Shard = shard, Session = session };
                resend.Keys.AddRange(keys);
                return new Wire.Letter { SessionResend = resend };
            default:
                coder.Fail(message.GetType().Name);
                return new Wire.Letter();
        }
    }

    private static DeliveryProtocol.FromSource? DecodeFromSource(Wire.Letter letter, ref PayloadCoder coder)
    {
        switch (letter.ContentCase)
        {
            case Wire.Letter.ContentOneofCase.SourceOpen:
                return new DeliveryProtocol.Open(letter.SourceOpen.Source, Decode(letter.SourceOpen.Generation));
            case Wire.Letter.ContentOneofCase.SourceBatch:
                var batch = letter.SourceBatch;
                var items = ImmutableArray.CreateBuilder<DeliveryProtocol.Item>(batch.Items.Count);
                foreach (var item in batch.Items)
                    items.Add(new DeliveryProtocol.Item(item.Key, item.Sequence, item.Absent ? null : coder.Decode(item.Payload)));
                return new DeliveryProtocol.Batch(batch.Source, Decode(batch.Generation), Decode(batch.Session), batch.Number, items.MoveToImmutable());
            case Wire.Letter.ContentOneofCase.SourceComplete:
                var complete = letter.SourceComplete;
                return new DeliveryProtocol.Complete(complete.Source, Decode(complete.Generation), Decode(complete.Session), complete.Number, [.. complete.Keys]);
            case Wire.Letter.ContentOneofCase.SourceUnreachable:
                var gone = letter.SourceUnreachable;
                return new DeliveryProtocol.Unreachable(gone.Source, Decode(gone.Generation), Decode(gone.Session), gone.Number);
            default:
                return null;
        }
    }

    private static DeliveryProtocol.FromShard? DecodeFromShard(Wire.Letter letter)
    {
        switch (letter.ContentCase)
        {
            case Wire.Letter.ContentOneofCase.SessionOpened:
                return new DeliveryProtocol.Opened(letter.SessionOpened.Shard, Decode(letter.SessionOpened.Session));
            case Wire.Letter.ContentOneofCase.SessionTaken:
                var taken = letter.SessionTaken;
                return new DeliveryProtocol.Taken(taken.Shard, Decode(taken.Session), Decode(taken.Generation), taken.Number);
            case Wire.Letter.ContentOneofCase.SessionSettled:
                var settled = letter.SessionSettled;
                return new DeliveryProtocol.Settled(
                    settled.Shard, Decode(settled.Session), Decode(settled.Generation), [.. settled.Items.Select(static item => new DeliveryProtocol.SettledItem(item.Key, item.Sequence))]);
            case Wire.Letter.ContentOneofCase.SessionResend:
                var resend = letter.SessionResend;
                return new DeliveryProtocol.Resend(resend.Shard, Decode(resend.Session), [.. resend.Keys]);
            default:
                return null;
        }
    }

    private static Wire.Item Encode(DeliveryProtocol.Item item, ref PayloadCoder coder)
    {
        var wire = new Wire.Item { Key = item.Key, Sequence = item.Sequence, Absent = item.Payload is null };
        if (item.Payload is { } payload)
            wire.Payload = coder.Encode(payload);
        return wire;
    }

    private static Wire.Generation Encode(SourceGeneration generation) => new() { Epoch = generation.Epoch, Start = generation.Start };

    private static Wire.Session Encode(ShardSession session) => new() { Epoch = session.Epoch, Start = session.Start };

    private static SourceGeneration Decode(Wire.Generation? generation) => generation is null ? default : new SourceGeneration(generation.Epoch, generation.Start);

    private static ShardSession Decode(Wire.Session? session) => session is null ? default : new ShardSession(session.Epoch, session.Start);
}
