using System.Net;
using System.Net.Http;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Framing;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>A request body that stays open: it says hello, hands out its stream, and ends when told.</summary>
internal sealed class DuplexContent(IMessage hello) : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Stream> Stream => _stream.Task;

    public void Complete() => _done.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var frame = PooledFrame.Encode(hello, hello.CalculateSize());
        try
        {
            await stream.WriteAsync(frame.Buffer.AsMemory(0, frame.Length), cancellationToken);
        }
        finally
        {
            frame.Return();
        }
        await stream.FlushAsync(cancellationToken);
        _stream.TrySetResult(stream);
        await _done.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _done.TrySetResult();
        base.Dispose(disposing);
    }
}
