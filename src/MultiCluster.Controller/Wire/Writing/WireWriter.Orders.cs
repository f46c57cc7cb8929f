using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public static P.SetMemberState Write(MemberProtocol.SetState order) => new() { State = Write(order.State), By = order.By };

    public static P.RemoveMember Write(MemberProtocol.Remove order)
    {
        var wire = new P.RemoveMember { Grace = Milliseconds(order.Grace), By = order.By };
        if (order.Origin is { } origin)
            wire.Origin = origin;
        return wire;
    }

    public static P.MemberTraitsReply Write(MemberProtocol.Traits reply)
    {
        var wire = new P.MemberTraitsReply
        {
            Member = reply.Member.Value,
            Traits = reply.Value is { } traits ? Write(traits) : null,
            Orders = Write(reply.Orders),
        };
        AddTo(wire.Footprint, reply.Footprint);
        return wire;
    }

    public static P.MemberApproved Write(MemberProtocol.Approved reply)
    {
        var wire = new P.MemberApproved { Member = reply.Member.Value };
        wire.Released.AddRange(reply.Released);
        return wire;
    }

    private static P.MemberOrders Write(MemberOrders orders) => new()
    {
        State = orders.State is { } state ? Write(state) : P.MemberState.Unspecified,
        Removed = orders.IsRemoved,
        Leaving = orders.IsLeaving,
        Origin = orders.Origin,
    };
}
