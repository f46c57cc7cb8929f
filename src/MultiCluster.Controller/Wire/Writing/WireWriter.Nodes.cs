using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Sessions;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public static P.ProxyLoads Write(NodeProtocol.ProxyLoads loads)
    {
        var wire = new P.ProxyLoads();
        foreach (var (proxy, members) in loads.Proxies)
            wire.Proxies.Add(new P.ProxyLoad { Proxy = proxy, Loads = members is { } told ? Write(new AgentMessage.Loads(told)) : null });
        return wire;
    }
}
