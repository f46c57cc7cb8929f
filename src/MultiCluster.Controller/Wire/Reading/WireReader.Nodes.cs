using MultiCluster.Controller.Admin;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public static NodeProtocol.ProxyLoads Read(P.ProxyLoads loads) =>
        new(Each(loads.Proxies, static load => new ProxyLoad(load.Proxy, load.Loads is null ? null : Read(load.Loads).Members)));
}
