using System.Net.Http;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Framing;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>What one connection is made of, to be let go of together.</summary>
internal sealed class Dial(SocketsHttpHandler handler, IMessage hello) : IAsyncDisposable
{
    public HttpMessageInvoker Http { get; } = new(handler, disposeHandler: true);

    public DuplexContent Content { get; } = new(hello);

    /// <summary>Ends the request, also after its response has begun: HttpClient ties the body to it.</summary>
    public CancellationTokenSource Life { get; } = new();

    /// <summary>Not disposed before the stream ends: its content is what is being sent.</summary>
    public HttpRequestMessage? Request { get; set; }

    public HttpResponseMessage? Response { get; set; }

    public FrameStream? Frames { get; set; }

    public void Cut()
    {
        Content.Complete();
        Response?.Dispose();
        Request?.Dispose();
        Http.Dispose();
        Life.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        if (Frames is not null)
            await Frames.DisposeAsync();
        else
            Cut();
    }
}
