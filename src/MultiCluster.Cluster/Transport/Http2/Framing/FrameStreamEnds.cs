using System.IO.Pipelines;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

/// <summary>The HTTP stack below a <see cref="FrameStream"/>: a request and its response, seen from either side.</summary>
internal sealed record FrameStreamEnds
{
    public required PipeReader Input { get; init; }

    public required PipeWriter Output { get; init; }

    public required TimeProvider Time { get; init; }

    public required bool IsDialler { get; init; }

    /// <summary>All has been sent that will be.</summary>
    public required Func<ValueTask> CompleteOutputAsync { get; init; }

    /// <summary>Lets go of the connection. The argument says whether all was sent; else it is cut.</summary>
    public required Action<bool> Finish { get; init; }

    /// <summary>Why the peer ended the stream, if it said so.</summary>
    public Func<LinkError?> Farewell { get; init; } = static () => null;
}
