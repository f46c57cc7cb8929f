using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

internal sealed class RecordingTranscript : IRuntimeTranscript
{
    public List<(string Sent, string? Reply)> Exchanges { get; } = [];

    public void Exchange(string sent, string? reply) => Exchanges.Add((sent, reply));
}
