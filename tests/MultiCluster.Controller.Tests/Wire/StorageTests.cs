using System.Reflection;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Tests.Wire;

public sealed class StorageTests
{
    private static readonly SnapshotKeys Keys = new([SnapshotKey.New()]);

    [Fact]
    public void Every_snapshot_comes_back_as_it_went() => Prop.ForAll(MessageGen.Record.ToArbitrary(), static record =>
    {
        var codec = new SnapshotCodec(Keys);
        Assert.Equal(new StoredRecord(record, null), codec.Decode(codec.Encode(record).Value!).Value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(20));

    [Fact]
    public void Secrets_are_not_in_the_bytes_of_a_snapshot()
    {
        var stored = Encoding.Latin1.GetString(new SnapshotCodec(Keys).Encode(Samples.Record).Value!.Payload.Span);
        Assert.DoesNotContain("(key)", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("(certificate", stored, StringComparison.Ordinal);
        Assert.Contains("shop.example", stored, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_key_the_rest_of_a_snapshot_still_loads()
    {
        var body = new SnapshotCodec(Keys).Encode(Samples.Record).Value!;
        foreach (var others in new[] { SnapshotKeys.None, new SnapshotKeys([SnapshotKey.New()]) })
        {
            var stored = new SnapshotCodec(others).Decode(body).Value!;
            AssertWithoutSecrets(stored);
            Assert.Contains("ingress/web/shop", stored.MissingSecrets, StringComparison.Ordinal);
            Assert.Contains(Keys.Current!.Id, stored.MissingSecrets, StringComparison.Ordinal);
        }
    }

    /// <summary>The rules stay; of the passwords none fits.</summary>
    [Fact]
    public void Without_the_key_a_policy_still_holds()
    {
        var whole = (EntityRecord.Ingress)Samples.Record;
        var guarded = whole with { Fragment = whole.Fragment! with { Routes = [Samples.GuardedClaim] } };
        var body = new SnapshotCodec(Keys).Encode(guarded).Value!;
        Assert.DoesNotContain("$hash", Encoding.Latin1.GetString(body.Payload.Span), StringComparison.Ordinal);

        Assert.Equal(Samples.GuardedClaim, Routes(Keys)[0]);
        Assert.Equal(Samples.GuardedClaim.Policy!.Redacted(), Routes(SnapshotKeys.None)[0].Policy);

        EquatableArray<RouteClaim> Routes(SnapshotKeys keys) => Assert.IsType<EntityRecord.Ingress>(new SnapshotCodec(keys).Decode(body).Value!.Record).Fragment!.Routes;
    }

    /// <summary>And what is half there is not there: a list of users that lacks some of them must not be taken for the whole.</summary>
    [Fact]
    public void Secrets_that_annotations_name_are_sealed_too_and_left_out_as_a_whole()
    {
        var record = (EntityRecord.Ingress)Samples.Record;
        record = record with { Copies = [record.Copies[0] with { AnnotationSecrets = [Samples.Users] }] };
        var body = new SnapshotCodec(Keys).Encode(record).Value!;
        Assert.DoesNotContain("(users)", Encoding.Latin1.GetString(body.Payload.Span), StringComparison.Ordinal);

        Assert.Equal(new StoredRecord(record, null), new SnapshotCodec(Keys).Decode(body).Value);
        var without = new SnapshotCodec(SnapshotKeys.None).Decode(body).Value!;
        Assert.NotNull(without.MissingSecrets);
        Assert.Empty(Assert.IsType<EntityRecord.Ingress>(without.Record).Copies[0].AnnotationSecrets);
    }

    [Fact]
    public void Without_a_key_secrets_are_not_stored()
    {
        var body = new SnapshotCodec(SnapshotKeys.None).Encode(Samples.Record).Value!;
        var envelope = P.Envelope.Parser.ParseFrom(body.Payload.Span);
        Assert.Null(envelope.Sealed);
        Assert.Empty(envelope.Secrets);
        AssertWithoutSecrets(new SnapshotCodec(Keys).Decode(body).Value!);
    }

    [Fact]
    public void A_record_without_secrets_lacks_nothing_without_a_key()
    {
        var record = new EntityRecord.Ingress(Make.Key("shop"), [Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web"))], null);
        var codec = new SnapshotCodec(SnapshotKeys.None);
        Assert.Equal(new StoredRecord(record, null), codec.Decode(codec.Encode(record).Value!).Value);
    }

    [Fact]
    public void An_older_key_of_the_file_still_reads()
    {
        var body = new SnapshotCodec(Keys).Encode(Samples.Record).Value!;
        var rotated = new SnapshotKeys([SnapshotKey.New(), Keys.Current!]);
        Assert.Null(new SnapshotCodec(rotated).Decode(body).Value!.MissingSecrets);
    }

    [Fact]
    public void Secrets_moved_to_another_snapshot_or_tampered_with_are_left_out()
    {
        var codec = new SnapshotCodec(Keys);
        var body = codec.Encode(Samples.Record).Value!;
        var envelope = P.Envelope.Parser.ParseFrom(body.Payload.Span);
        var other = (EntityRecord.Ingress)Samples.Record with { Key = Make.Key("other") };
        var moved = P.Envelope.Parser.ParseFrom(codec.Encode(other).Value!.Payload.Span);
        moved.Sealed = envelope.Sealed;
        Assert.Contains("belong to another", codec.Decode(body with { Payload = moved.ToByteArray() }).Value!.MissingSecrets, StringComparison.Ordinal);
        var flipped = envelope.Sealed.Ciphertext.ToByteArray();
        flipped[3] ^= 1;
        envelope.Sealed.Ciphertext = ByteString.CopyFrom(flipped);
        AssertWithoutSecrets(codec.Decode(body with { Payload = envelope.ToByteArray() }).Value!);
    }

    [Fact]
    public void Spoiled_snapshots_and_events_give_errors_but_never_exceptions()
    {
        var codec = new SnapshotCodec(Keys);
        var body = codec.Encode(Samples.Record).Value!;
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = body.Payload.ToArray().AsMemory(0, random.Next(2) == 0 ? body.Payload.Length : random.Next(body.Payload.Length));
            for (var spoils = random.Next(4); spoils > 0 && bytes.Length > 0; spoils--)
                bytes.Span[random.Next(bytes.Length)] = (byte)random.Next(256);
            var stored = codec.Decode(body with { Payload = bytes });
            Assert.True(stored.IsOk != stored.Error is not null);
            var decision = JournalCodec.Decode(Stored(new EventData(default, "decision", 1, bytes)));
            Assert.True(decision.IsOk != decision.Error is not null);
        }
    }

    [Fact]
    public void A_snapshot_of_a_newer_version_is_an_error_that_says_so()
    {
        var body = new SnapshotCodec(Keys).Encode(Samples.Record).Value!;
        Assert.Contains("newer version", new SnapshotCodec(Keys).Decode(body with { Type = "entity-record-2" }).Error, StringComparison.Ordinal);
        var envelope = P.Envelope.Parser.ParseFrom(body.Payload.Span);
        envelope.Schema = 99;
        Assert.Contains("schema 99", new SnapshotCodec(Keys).Decode(body with { Payload = envelope.ToByteArray() }).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_decision_comes_back_as_it_went() => Prop.ForAll(MessageGen.Decision.ToArbitrary(), static decision =>
    {
        var stored = JournalCodec.Encode(decision, DateTimeOffset.UnixEpoch).Value!;
        Assert.Equal(decision, JournalCodec.Decode(Stored(stored)).Value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(20));

    [Fact]
    public void An_event_of_another_type_is_an_error_that_names_the_event()
    {
        var stored = Stored(JournalCodec.Encode(new Decision.EntityGone(new Cause(CauseKind.Time, null)), default).Value!) with { Type = "verdict" };
        Assert.StartsWith("event 4 of ingress/web/shop: of type \"verdict\"", JournalCodec.Decode(stored).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_type_of_a_decision_can_hold_a_secret()
    {
        var seen = new HashSet<Type>();
        foreach (var kind in typeof(Decision).GetNestedTypes().Append(typeof(Decision)))
            Walk(kind, seen);
        Assert.Contains(typeof(Rank), seen);
        Assert.DoesNotContain(typeof(Secret), seen);
        Assert.DoesNotContain(typeof(Certificate), seen);
    }

    [Fact]
    public void Hashes_of_passwords_are_in_no_decision()
    {
        var stored = JournalCodec.Encode(new Decision.RouteAdded(Samples.Cause, Samples.GuardedClaim), DateTimeOffset.UnixEpoch).Value!;

        Assert.DoesNotContain("$hash", Encoding.Latin1.GetString(stored.Payload.Span), StringComparison.Ordinal);
        var read = Assert.IsType<Decision.RouteAdded>(JournalCodec.Decode(Stored(stored)).Value);
        Assert.Equal(Samples.GuardedClaim.Policy!.Redacted(), read.Claim.Policy);
        Assert.NotEqual(Samples.GuardedClaim.Policy, read.Claim.Policy);
    }

    [Fact]
    public void No_message_of_a_decision_can_hold_a_secret()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Walk(P.Decision.Descriptor, seen);
        Assert.Contains("RouteClaim", seen);
        Assert.Empty(seen.Intersect(["Certificate", "TlsClaim", "TlsSecretResource", "DataSecretResource", "IngressFragment", "SealedSecrets", "SecretList"], StringComparer.Ordinal));
    }

    private static void AssertWithoutSecrets(StoredRecord stored)
    {
        var whole = (EntityRecord.Ingress)Samples.Record;
        var record = Assert.IsType<EntityRecord.Ingress>(stored.Record);
        Assert.NotNull(stored.MissingSecrets);
        Assert.Equal(whole with { Copies = [whole.Copies[0] with { Secrets = [] }], Fragment = whole.Fragment! with { Certificates = [] } }, record);
    }

    private static JournalEvent Stored(EventData data) => new(1, "ingress/web/shop", 4, 1, data.At, data.Type, data.SchemaVersion, data.Payload);

    private static void Walk(Type type, HashSet<Type> seen)
    {
        if (type.IsPrimitive || type == typeof(string) || !seen.Add(type))
            return;
        foreach (var argument in type.GetGenericArguments())
            Walk(argument, seen);
        if (type.Namespace?.StartsWith("MultiCluster", StringComparison.Ordinal) != true)
            return;
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            Walk(field.FieldType, seen);
    }

    private static void Walk(MessageDescriptor message, HashSet<string> seen)
    {
        if (!seen.Add(message.Name))
            return;
        foreach (var field in message.Fields.InDeclarationOrder().Where(static field => field.FieldType == FieldType.Message))
            Walk(field.MessageType, seen);
    }
}
