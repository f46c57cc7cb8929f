using System.Net.Http;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>What one connection is made of, to be let go of together.</summary>
internal sealed class Dial : IAsyncDisposable
{
    private volatile bool _reached;

    public Dial(PeerAddress address, TransportOptions options, TlsVerification verification, IMessage hello)
    {
        Http = new HttpMessageInvoker(PeerHttp.Handler(address, options, verification, () => _reached = true), disposeHandler: true);
        Content = new DuplexContent(hello);
    }

    /// <summary>Some process has taken the connection.</summary>
    public bool Reached => _reached;

    public HttpMessageInvoker Http { get; }

    public DuplexContent Content { get; }

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
