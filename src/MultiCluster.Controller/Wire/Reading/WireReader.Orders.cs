using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public MemberProtocol.SetState Read(P.SetMemberState order) => new(Enumerator<MemberState>((int)order.State)) { By = order.By };

    public MemberProtocol.Remove Read(P.RemoveMember order) => new(order.HasOrigin ? order.Origin : null, Duration(order.Grace)) { By = order.By };

    public MemberProtocol.Traits Read(P.MemberTraitsReply reply) =>
        new(new MemberName(reply.Member), reply.Traits is null ? null : Read(reply.Traits), Read(reply.Orders))
        {
            Footprint = Footprint(reply.Footprint),
        };

    public static MemberProtocol.Approved Read(P.MemberApproved reply) => new(new MemberName(reply.Member), Strings(reply.Released));
}
