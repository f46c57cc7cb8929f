using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Actors;
using MultiCluster.Cluster.Transport.Http2.Server;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Sessions.Http2;

/// <summary>Where proxies' agents open their sessions, beside the streams of nodes on the same listener.</summary>
public static class ProxySessionEndpoints
{
    /// <summary>Of the requests that agents make; another format of frames would be another path.</summary>
    public const string Path = "/multicluster.proxy/v1";

    /// <param name="streams">Their <see cref="PeerStreamOptions.Serves"/> has to be proxies.</param>
    /// <param name="hub">A <see cref="ProxyHub"/>.</param>
    public static IEndpointConventionBuilder MapProxySessions(this IEndpointRouteBuilder endpoints, PeerStreamOptions streams, IActorRef hub) =>
        endpoints.MapPeerStreams<P.SessionFrame, P.SessionFrame>(Path, streams, async (stream, stopping) =>
        {
            var connection = new ControllerDuplex(stream);
            hub.Tell(new SessionProtocol.Accept(connection));

            // The stream may also end before the hub takes it.
            await Task.WhenAny(connection.Released, stream.Ended).WaitAsync(stopping);
        });
}
