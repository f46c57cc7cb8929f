using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Tests.Wire;

public sealed class DomainCodecTests
{
    [Fact]
    public void Every_value_comes_back_as_it_went() =>
        Prop.ForAll(MessageGen.Any.ToArbitrary(), static value => Assert.Equal(value, RoundTrip(value)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(20));

    [Fact]
    public void The_status_of_a_member_comes_back_as_it_went() => Prop.ForAll(MessageGen.Status.ToArbitrary(), static value =>
    {
        var back = (MemberProtocol.MemberStatus)RoundTrip(value);
        Assert.Equal(value.Stale, back.Stale);
        Assert.Equal(value.Problems, back.Problems);
        Assert.Equal(value with { Stale = [], Problems = [] }, back with { Stale = [], Problems = [] });
    }).Check(Config.QuickThrowOnFailure.WithEndSize(20));

    [Fact]
    public void Readiness_travels_with_rows()
    {
        var rows = new ControllerMessage.Rows(7, 9, RowsKind.Delta, [], new Readiness([Make.Aws], GaveUpWaiting: true) { RemembersMissing = true }, null, []);
        var back = ((ControllerMessage.Rows)RoundTrip(rows)).Readiness!;
        Assert.Equal([Make.Aws], back.Missing.AsEnumerable());
        Assert.True(back.GaveUpWaiting);
        Assert.True(back.RemembersMissing);
    }

    [Fact]
    public void Truncated_bytes_give_an_error_or_a_shorter_value_but_never_an_exception() =>
        Prop.ForAll(MessageGen.Any.ToArbitrary(), static value =>
        {
            var (type, bytes) = DomainCodec.Encode(value);
            for (var length = 0; length < bytes.Length; length += 1 + (bytes.Length / 64))
                AssertTotal(type, bytes[..length]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(20));

    [Fact]
    public void Garbage_gives_an_error_or_a_value_but_never_an_exception()
    {
        var random = new Random(20260101);
        var names = MessageTypes.All.Select(static type => type.Name).ToList();
        var samples = Gen.Sample(MessageGen.Any, 200, 20).Select(DomainCodec.Encode).ToList();
        for (var round = 0; round < 5_000; round++)
        {
            var (type, bytes) = samples[random.Next(samples.Count)];
            var spoiled = bytes.ToArray();
            for (var spoils = random.Next(1, 6); spoils > 0 && spoiled.Length > 0; spoils--)
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            AssertTotal(random.Next(4) == 0 ? names[random.Next(names.Count)] : type, spoiled);
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            AssertTotal(names[random.Next(names.Count)], noise);
        }
    }

    [Fact]
    public void An_unknown_message_is_an_error_that_names_it()
    {
        Assert.Null(DomainCodec.Decode("teapot", ReadOnlyMemory<byte>.Empty, out var error));
        Assert.Contains("\"teapot\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2u, "by a newer version of MultiCluster")]
    [InlineData(0u, "says no schema")]
    public void Another_schema_is_an_error_that_says_what_to_do(uint schema, string expected)
    {
        var (type, bytes) = DomainCodec.Encode(new MemberProtocol.MemberSynced(Make.Aws));
        var envelope = P.Envelope.Parser.ParseFrom(bytes.Span);
        envelope.Schema = schema;
        Assert.Null(DomainCodec.Decode(type, envelope.ToByteArray(), out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("member-synced", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_a_later_version_added_are_skipped()
    {
        var (type, bytes) = DomainCodec.Encode(new MemberProtocol.MemberSynced(Make.Aws));
        var envelope = P.Envelope.Parser.ParseFrom(bytes.Span);
        // Field 100, a string of three bytes, behind what this version knows.
        envelope.Body = ByteString.CopyFrom([.. envelope.Body.Span, 0xa2, 0x06, 3, (byte)'n', (byte)'e', (byte)'w']);
        Assert.Equal(new MemberProtocol.MemberSynced(Make.Aws), DomainCodec.Decode(type, envelope.ToByteArray(), out _));
    }

    [Fact]
    public void A_value_of_an_enumeration_that_is_not_known_is_an_error_since_guessing_could_misroute()
    {
        var update = new P.FragmentUpdate { Entity = new P.EntityId { Kind = (P.EntityKind)9, Key = new P.ObjectKey() }, Version = new P.Version() };
        var bytes = new P.Envelope { Schema = 1, Body = update.ToByteString() }.ToByteArray();
        Assert.Null(DomainCodec.Decode("fragment-update", bytes, out var error));
        Assert.Equal("fragment-update: EntityKind 9 is not known", error);
    }

    [Fact]
    public void A_condition_of_a_later_version_is_left_out_and_the_routes_are_not()
    {
        var known = new P.Condition { Type = P.ConditionType.Stale, Reason = "Unreachable" };
        var later = new P.Condition { Type = (P.ConditionType)99, Reason = "Later" };
        var fragment = new P.IngressFragment { Key = new P.ObjectKey { Namespace = "web", Name = "shop" }, AcceptedMembers = { "aws" } };
        fragment.Conditions.Add(new P.CopyCondition { Member = "aws", Condition = later });
        fragment.Conditions.Add(new P.CopyCondition { Member = "gcp", Condition = known });
        var read = Assert.IsType<Fragment.Ingress>(Decode("fragment", new P.Fragment { Ingress = fragment }, out _));
        Assert.Equal([Make.Aws], read.AcceptedMembers.AsEnumerable());
        Assert.Equal(ConditionType.Stale, Assert.Single(read.Conditions).Condition.Type);
        var conflicts = Assert.IsType<EntityProtocol.ConflictsChanged>(Decode("conflicts-changed", new P.ConflictsChanged { Conflicts = { later, known } }, out _));
        Assert.Equal("Unreachable", Assert.Single(conflicts.Conflicts).Reason);
        Assert.Null(Decode("decision", new P.Decision { Cause = new P.Cause { Kind = P.CauseKind.Time }, ConflictRaised = new P.ConflictRaised { Conflict = later } }, out var error));
        Assert.Equal("decision: ConditionType 99 is not known", error);
    }

    [Theory]
    [InlineData("fragment", "a fragment of an unknown kind")]
    [InlineData("entity-record", "a record of an unknown kind")]
    [InlineData("decision", "a decision of an unknown kind")]
    public void A_kind_of_a_later_version_is_an_error(string type, string expected)
    {
        // Field 99, an empty message.
        byte[] later = [0x9a, 0x06, 0];
        byte[] cause = [.. new P.Decision { Cause = new P.Cause { Kind = P.CauseKind.Time } }.ToByteArray()];
        var body = type == "decision" ? [.. cause, .. later] : later;
        var bytes = new P.Envelope { Schema = 1, Body = ByteString.CopyFrom(body) }.ToByteArray();
        Assert.Null(DomainCodec.Decode(type, bytes, out var error));
        Assert.Equal($"{type}: {expected}", error);
    }

    [Fact]
    public void Copies_of_before_have_the_defaults_of_what_they_do_not_say()
    {
        var copy = Assert.IsType<ServiceCopy>(Decode("service-copy", new P.ServiceCopy { Member = "aws" }, out _));
        Assert.Equal(EndpointAccess.Default, copy.Access);
        var ingress = new P.IngressResource { Meta = new P.ObjectMeta { Key = new P.ObjectKey() } };
        var old = Assert.IsType<IngressCopy>(Decode("ingress-copy", new P.IngressCopy { Member = "aws", Ingress = ingress, Class = P.ClassVerdict.Ours }, out _));
        Assert.True(old.HasIngress);
        Assert.True(old.KnowsSecrets);
        Assert.Null(old.Federated);
    }

    [Fact]
    public void A_member_in_a_namespace_is_an_error_since_it_would_be_two_entities_of_one_key()
    {
        var entity = new P.EntityId { Kind = P.EntityKind.Member, Key = new P.ObjectKey { Namespace = "web", Name = "aws" } };
        Assert.Null(Decode("fragment-update", new P.FragmentUpdate { Entity = entity, Version = new P.Version() }, out var error));
        Assert.Equal("fragment-update: a member in a namespace", error);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_duration_that_is_none_is_an_error(long milliseconds)
    {
        var policy = new P.TrafficPolicy { Distribution = P.TrafficDistribution.None, Balance = P.LoadBalancing.RoundRobin, SlowStart = milliseconds };
        var fragment = new P.IngressFragment { Key = new P.ObjectKey(), Traffic = policy };
        Assert.Null(Decode("fragment", new P.Fragment { Ingress = fragment }, out var error));
        Assert.Equal($"fragment: {milliseconds} ms are no duration", error);
    }

    [Fact]
    public void A_secret_that_the_envelope_lacks_is_an_error()
    {
        var copy = Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web")) with { Secrets = [Secret("tls", "key")] };
        var (type, bytes) = DomainCodec.Encode(copy);
        var envelope = P.Envelope.Parser.ParseFrom(bytes.Span);
        envelope.Secrets.RemoveAt(1);
        Assert.Null(DomainCodec.Decode(type, envelope.ToByteArray(), out var error));
        Assert.Equal("ingress-copy: secret 2 of 1", error);
    }

    [Fact]
    public void Equal_secrets_travel_once()
    {
        var copy = Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web")) with { Secrets = [Secret("one", "key"), Secret("two", "key")] };
        var envelope = P.Envelope.Parser.ParseFrom(DomainCodec.Encode(copy).Bytes.Span);
        Assert.Equal(2, envelope.Secrets.Count);
    }

    [Fact]
    public void What_is_too_large_is_an_error_on_both_sides()
    {
        var copy = Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web")) with { Secrets = [Secret("tls", new string('k', WireLimits.MaxMessage))] };
        Assert.Contains("may be sent", DomainCodec.TryEncode(copy).Error, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DomainCodec.Encode(copy));
        Assert.Null(DomainCodec.Decode("ingress-copy", new byte[WireLimits.MaxMessage + 1], out var error));
        Assert.Contains("may be sent", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_stop_a_message()
    {
        var (type, bytes) = DomainCodec.Encode(new MemberProtocol.MemberSynced(new MemberName("a\ud800b")));
        var back = DomainCodec.Decode(type, bytes, out _) as MemberProtocol.MemberSynced;
        Assert.Equal("a\ufffdb", back?.Member.Value);
    }

    [Fact]
    public void Enumerations_of_the_wire_are_ours_by_name_behind_a_zero()
    {
        AssertSame<EntityKind, P.EntityKind>();
        AssertSame<PathMatch, P.PathMatch>();
        AssertSame<ConditionType, P.ConditionType>();
        AssertSame<ClassVerdict, P.ClassVerdict>();
        AssertSame<ResourceKind, P.ResourceKind>();
        AssertSame<RowsKind, P.RowsKind>();
        AssertSame<MemberState, P.MemberState>();
        AssertSame<EndpointMode, P.EndpointMode>();
        AssertSame<TrafficDistribution, P.TrafficDistribution>();
        AssertSame<LoadBalancing, P.LoadBalancing>();
        AssertSame<Controller.Records.CauseKind, P.CauseKind>();
    }

    [Fact]
    public void A_type_that_never_leaves_the_process_is_refused_as_a_bug()
    {
        Assert.False(DomainCodec.CanEncode(typeof(Cluster.Sharding.ShardingProtocol.MayStop)));
        Assert.Throws<ArgumentException>(() => DomainCodec.Encode(new Cluster.Sharding.ShardingProtocol.MayStop()));
    }

    internal static TlsSecretResource Secret(string name, string key) => new(Make.Meta(name))
    {
        CertificatePem = Model.Security.Secret.FromText("certificate"),
        PrivateKeyPem = Model.Security.Secret.FromText(key),
    };

    private static object RoundTrip(object value)
    {
        var (type, bytes) = DomainCodec.Encode(value);
        var back = DomainCodec.Decode(type, bytes, out var error);
        Assert.Null(error);
        return back!;
    }

    private static object? Decode(string type, IMessage body, out string? error) =>
        DomainCodec.Decode(type, new P.Envelope { Schema = 1, Body = body.ToByteString() }.ToByteArray(), out error);

    private static void AssertTotal(string type, ReadOnlyMemory<byte> bytes)
    {
        var value = DomainCodec.Decode(type, bytes, out var error);
        Assert.True(value is null != error is null);
    }

    private static void AssertSame<TDomain, TWire>()
        where TDomain : struct, Enum
        where TWire : struct, Enum
    {
        Assert.Equal(0, Convert.ToInt32(Enum.GetValues<TWire>()[0]));
        Assert.Equal(Enum.GetNames<TDomain>(), Enum.GetNames<TWire>().Skip(1), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Enum.GetValues<TDomain>().Select(static value => Convert.ToInt32(value) + 1), Enum.GetValues<TWire>().Skip(1).Select(static value => Convert.ToInt32(value)));
    }
}
