using System.Collections.Frozen;
using Google.Protobuf;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.Controller.Wire.Writing;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire;

/// <summary>Everything that leaves a process, by name and by type.</summary>
internal static class MessageTypes
{
    public static readonly MessageType Decision = Type<Decision, P.Decision>(
        "decision", 1, P.Decision.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire));

    public static readonly MessageType EntityRecord = Type<EntityRecord, P.EntityRecord>(
        "entity-record", 1, P.EntityRecord.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire));

    public static readonly IReadOnlyList<MessageType> All =
    [
        // From watchers to owners
        Type<IngressCopy, P.IngressCopy>(
            "ingress-copy", 1, P.IngressCopy.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<ServiceCopy, P.ServiceCopy>(
            "service-copy", 1, P.ServiceCopy.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),

        Type<MemberWord, P.MemberWord>(
            "member-word", 1, P.MemberWord.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),

        // The table, and what is stored
        EntityRecord,
        Decision,
        Type<Fragment, P.Fragment>(
            "fragment", 1, P.Fragment.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<FragmentUpdate, P.FragmentUpdate>(
            "fragment-update", 1, P.FragmentUpdate.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire)),

        // To and from entities and watchers
        Type<EntityProtocol.ConflictsChanged, P.ConflictsChanged>(
            "conflicts-changed", 1, P.ConflictsChanged.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<EntityProtocol.GetIngress, P.GetIngress>(
            "get-ingress", 1, P.GetIngress.Parser, static (_, _) => new P.GetIngress(), static (_, _) => new EntityProtocol.GetIngress()),
        Type<EntityProtocol.IngressState, P.IngressState>(
            "ingress-state", 1, P.IngressState.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<MemberProtocol.MemberSynced, P.MemberSynced>(
            "member-synced", 1, P.MemberSynced.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<MemberProtocol.GetStatus, P.GetMemberStatus>(
            "get-member-status", 1, P.GetMemberStatus.Parser, static (_, _) => new P.GetMemberStatus(), static (_, _) => new MemberProtocol.GetStatus()),
        Type<MemberProtocol.MemberStatus, P.MemberStatus>(
            "member-status", 1, P.MemberStatus.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<MemberProtocol.SetState, P.SetMemberState>(
            "set-member-state", 1, P.SetMemberState.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<MemberProtocol.Remove, P.RemoveMember>(
            "remove-member", 1, P.RemoveMember.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<MemberProtocol.Approve, P.ApproveMember>(
            "approve-member", 1, P.ApproveMember.Parser, static (_, _) => new P.ApproveMember(), static (_, _) => new MemberProtocol.Approve()),
        Type<MemberProtocol.GetTraits, P.GetMemberTraits>(
            "get-member-traits", 1, P.GetMemberTraits.Parser, static (_, _) => new P.GetMemberTraits(), static (_, _) => new MemberProtocol.GetTraits()),
        Type<MemberProtocol.RegistrationChanged, P.MemberRegistrationChanged>(
            "member-registration-changed", 1, P.MemberRegistrationChanged.Parser, static (_, _) => new P.MemberRegistrationChanged(), static (_, _) => MemberProtocol.RegistrationChanged.Instance),
        Type<MemberProtocol.Traits, P.MemberTraitsReply>(
            "member-traits", 1, P.MemberTraitsReply.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<MemberProtocol.Approved, P.MemberApproved>(
            "member-approved", 1, P.MemberApproved.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),

        // To and from shards
        Type<ShardingProtocol.GetShard, P.GetShard>(
            "get-shard", 1, P.GetShard.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<ShardingProtocol.ShardStatus, P.ShardStatus>(
            "shard-status", 1, P.ShardStatus.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),

        // To and from other controllers
        Type<NodeProtocol.GetProxyLoads, P.GetProxyLoads>(
            "get-proxy-loads", 1, P.GetProxyLoads.Parser, static (_, _) => new P.GetProxyLoads(), static (_, _) => new NodeProtocol.GetProxyLoads()),
        Type<NodeProtocol.ProxyLoads, P.ProxyLoads>(
            "proxy-loads", 1, P.ProxyLoads.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),

        // Between controllers and proxies
        Type<AgentMessage.Hello, P.Hello>(
            "session-hello", 1, P.Hello.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<AgentMessage.Ack, P.Ack>(
            "session-ack", 1, P.Ack.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<AgentMessage.Nack, P.Nack>(
            "session-nack", 1, P.Nack.Parser, static (value, _) => WireWriter.Write(value), static (wire, reader) => reader.Read(wire)),
        Type<AgentMessage.Applied, P.Applied>(
            "session-applied", 1, P.Applied.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<AgentMessage.Loads, P.Loads>(
            "session-loads", 1, P.Loads.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<ControllerMessage.Welcome, P.Welcome>(
            "session-welcome", 1, P.Welcome.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<ControllerMessage.Refusal, P.Refusal>(
            "session-refusal", 1, P.Refusal.Parser, static (value, _) => WireWriter.Write(value), static (wire, _) => WireReader.Read(wire)),
        Type<ControllerMessage.Rows, P.Rows>(
            "session-rows", 1, P.Rows.Parser, static (value, writer) => writer.Write(value), static (wire, reader) => reader.Read(wire)),
    ];

    private static readonly FrozenDictionary<string, MessageType> ByName = All.ToFrozenDictionary(static type => type.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, MessageType> ByDomain = All.ToFrozenDictionary(static type => type.Domain);

    public static MessageType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>A record that is one of several of a closed kind goes by the name of the kind.</summary>
    public static MessageType? Find(Type domain)
    {
        for (var type = domain; type is not null; type = type.BaseType)
        {
            if (ByDomain.TryGetValue(type, out var found))
                return found;
        }

        return null;
    }

    private static MessageType<TDomain, TWire> Type<TDomain, TWire>(
        string name, int schema, MessageParser<TWire> parser, Func<TDomain, WireWriter, TWire> write, Func<TWire, WireReader, object?> read)
        where TWire : IMessage<TWire> => new(name, schema, parser, write, read);
}
