using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>Opens streams to peers. Each has a connection of its own.</summary>
/// <param name="path">Of the kind of stream, such as <c>/multicluster.proxy/v1</c>.</param>
public sealed class PeerDialer(TransportOptions options, string path, TimeProvider time)
{
    /// <summary>Tries once, within the timeouts of connecting and of the handshake.</summary>
    /// <param name="self">Who to say one is.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was.</exception>
    public async Task<DialResult<TSend, TReceive>> OpenAsync<TSend, TReceive>(PeerTarget target, PeerIdentity self, CancellationToken cancellation)
        where TSend : class, IMessage<TSend>
        where TReceive : class, IMessage<TReceive>, new()
    {
        var dialled = await DialAsync(target, self, cancellation);
        return new(dialled.Connection is { } connection ? new DuplexStream<TSend, TReceive>(connection.Frames, connection.Peer) : null, dialled.Error);
    }

    internal async Task<DialResult> DialAsync(PeerTarget target, PeerIdentity self, CancellationToken cancellation)
    {
        var (address, fault) = PeerAddress.Parse(target.Address);
        if (address is null)
            return new DialResult(null, new LinkError(LinkErrorCode.Unreachable, fault!));
        if (options.Tls is null && !address.IsLocal)
            return new DialResult(null, Insecure(target));
        var verification = new TlsVerification(certificate => Expect(certificate, target));
        var dial = new Dial(address, options, verification, HandshakeRules.Hello(self, options.Versions, target.Name ?? ""));
        try
        {
            using var giveUp = cancellation.UnsafeRegister(static life => ((CancellationTokenSource)life!).Cancel(), dial.Life);
            using var deadline = time.CreateTimer(static life => ((CancellationTokenSource)life!).Cancel(), dial.Life, options.Limits.ConnectTimeout + options.Limits.HandshakeTimeout, Timeout.InfiniteTimeSpan);
            var result = await ShakeHandsAsync(dial, address, target, verification);
            if (result.Error is not null)
                await dial.DisposeAsync();
            return result;
        }
        catch (Exception exception)
        {
            var error = Explain(exception, target, verification, dial);
            await dial.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            return new DialResult(null, error);
        }
    }

    private static LinkError Insecure(PeerTarget target) =>
        new(LinkErrorCode.Insecure, $"{target} is not dialled without TLS, which is for loopback and unix sockets only: set certificate, key and authority");

    private async Task<DialResult> ShakeHandsAsync(Dial dial, PeerAddress address, PeerTarget target, TlsVerification verification)
    {
        var request = dial.Request = new HttpRequestMessage(HttpMethod.Post, address.ToUri(options.Tls is not null, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = dial.Content,
        };
        var response = dial.Response = await dial.Http.SendAsync(request, dial.Life.Token);
        if (response.StatusCode != HttpStatusCode.OK)
            return new DialResult(null, new LinkError(LinkErrorCode.NotAPeer, $"{target} answers {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)} to {path}: not a peer of this kind"));
        var frames = dial.Frames = new FrameStream(await EndsAsync(dial, response), options.Limits);
        if (await frames.ReadAsync(HandshakeRules.MaxBytes, dial.Life.Token) is not { } frame)
            return new DialResult(null, await frames.Ended);
        var verdict = HandshakeRules.Judge(HelloReply.Parser.ParseFrom(frame), target, options.ClusterName, options.Versions, verification.Peer);
        return verdict.Peer is { } peer
            ? new DialResult(new PeerConnection(frames, new RemotePeer(peer, verdict.Version, target.Address, verification.Peer)), null)
            : new DialResult(null, verdict.Error);
    }

    private async Task<FrameStreamEnds> EndsAsync(Dial dial, HttpResponseMessage response)
    {
        var output = PipeWriter.Create(await dial.Content.Stream.WaitAsync(dial.Life.Token), new StreamPipeWriterOptions(leaveOpen: true));
        return new FrameStreamEnds
        {
            IsDialler = true,
            Input = PipeReader.Create(await response.Content.ReadAsStreamAsync(dial.Life.Token), new StreamPipeReaderOptions(bufferSize: 32 * 1024, minimumReadSize: 4 * 1024)),
            Output = output,
            Time = time,
            CompleteOutputAsync = async () =>
            {
                await output.CompleteAsync();
                dial.Content.Complete();
            },
            Finish = _ => dial.Cut(),
            Farewell = () => response.TrailingHeaders.TryGetValues(StreamTrailers.Name, out var values) ? StreamTrailers.Parse(values.First()) : null,
        };
    }

    private LinkError? Expect(PeerCertificate certificate, PeerTarget target)
    {
        var named = target.Name is { } name
            ? certificate.Names(new PeerIdentity(options.ClusterName, target.Role, name, ""))
            : certificate.NamesAny(options.ClusterName, target.Role);
        return named
            ? null
            : new LinkError(LinkErrorCode.Identity, $"the certificate of {target} ({certificate}) does not name it: add the URI {PeerIdentity.UriPrefix(options.ClusterName, target.Role)}{target.Name ?? "NAME"} to its subject alternative names");
    }

    private LinkError Explain(Exception exception, PeerTarget target, TlsVerification verification, Dial dial)
    {
        if (verification.Error is { } refused)
            return refused with { Text = $"{target}: {refused.Text}" };
        if (dial.Life.IsCancellationRequested || exception.InnerException is TimeoutException)
            return new LinkError(LinkErrorCode.TimedOut, $"{target} has not answered within {options.Limits.ConnectTimeout + options.Limits.HandshakeTimeout}");
        if (exception is InvalidProtocolBufferException)
            return new LinkError(LinkErrorCode.Garbage, $"{target} does not answer the hello with a message that can be read");
        var error = LinkErrors.OfDial(target.ToString(), exception, dial.Reached);
        return error.Code == LinkErrorCode.Lost && options.Tls is { } tls
            ? new LinkError(LinkErrorCode.Tls, $"{error.Text}; it may not accept our certificate ({tls.Certificate}), its log says why")
            : error;
    }
}
