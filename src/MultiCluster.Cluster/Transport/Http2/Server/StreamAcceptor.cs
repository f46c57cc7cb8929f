using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>
/// Turns a request into a stream: is the connection fit, is the hello right, does the host want it. Each answer but the first says
/// why, so that the side that dialled can show it.
/// </summary>
internal sealed partial class StreamAcceptor(TransportOptions options, IStreamHost host, TimeProvider time, ILogger logger)
{
    private static readonly LinkError PeerGone = new(LinkErrorCode.Lost, "the connection broke");

    private readonly ComplaintBook _complaints = new();

    public async Task AcceptAsync(HttpContext context)
    {
        var address = AddressOf(context);
        var certificate = (context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(TlsVerification), out var item) == true ? item as TlsVerification : null)?.Peer;
        if (Unfit(context, certificate) is { } unfit)
        {
            Complain(address, unfit);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        Unlimit(context);
        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var frames = new FrameStream(EndsOf(context), options.Limits);
        await using (frames)
        {
            await using var gone = context.RequestAborted.UnsafeRegister(static state => ((FrameStream)state!).End(PeerGone), frames);
            await ConverseAsync(frames, address, certificate, stopping);
            await frames.CloseAsync();
        }
        if (!context.RequestAborted.IsCancellationRequested)
            context.Response.AppendTrailer(StreamTrailers.Name, StreamTrailers.Format(await frames.Ended));
    }

    private static string AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString() : "unix";

    /// <summary>
    /// The path may be mapped beside others on listeners that are not ours: only what <see cref="TransportKestrel"/> has verified counts.
    /// </summary>
    private LinkError? Unfit(HttpContext context, PeerCertificate? certificate)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) || !HttpMethods.IsPost(context.Request.Method))
            return new LinkError(LinkErrorCode.NotAPeer, $"{context.Request.Method} over {context.Request.Protocol} instead of POST over HTTP/2");
        if (options.Tls is not null)
            return certificate is null ? new LinkError(LinkErrorCode.Tls, "the connection has no verified certificate; peers' streams need a listener with UseTransport") : null;
        return IsLocal(context.Connection.LocalIpAddress) && IsLocal(context.Connection.RemoteIpAddress)
            ? null
            : new LinkError(LinkErrorCode.Insecure, "without TLS, streams are taken on loopback and unix sockets only: set certificate, key and authority");
    }

    private static bool IsLocal(IPAddress? address) => address is null || PeerAddress.IsLoopback(address);

    /// <summary>A stream lives for days and may be silent or long.</summary>
    private static void Unlimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        context.Response.ContentType = "application/x-protobuf";
    }

    private FrameStreamEnds EndsOf(HttpContext context) => new()
    {
        IsDialler = false,
        Input = context.Request.BodyReader,
        Output = context.Response.BodyWriter,
        Time = time,
        CompleteOutputAsync = static () => ValueTask.CompletedTask,
        Finish = drained =>
        {
            if (!drained)
                context.Abort();
        },
    };

    private async Task ConverseAsync(FrameStream frames, string address, PeerCertificate? certificate, CancellationToken stopping)
    {
        var said = address;
        try
        {
            var verdict = await HearAsync(frames, address, certificate, stopping);
            said = verdict.Peer?.Name ?? address;
            if (verdict.Error is { } error)
            {
                Complain(said, error);
                frames.TrySend(HandshakeRules.Refusal(error));
                return;
            }
            await host.ServeAsync(frames, new RemotePeer(verdict.Peer!, verdict.Version, address, certificate), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            frames.End(LinkErrors.Stopped);
        }
        catch (Exception bug)
        {
            LogFailed(logger, bug, said);
            frames.End(new LinkError(LinkErrorCode.Lost, "an error inside the peer; its log says which"));
        }
    }

    private async Task<HelloVerdict> HearAsync(FrameStream frames, string address, PeerCertificate? certificate, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(options.Limits.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            if (await frames.ReadAsync(HandshakeRules.MaxBytes, either.Token) is not { } frame)
                return HelloVerdict.No(await frames.Ended);
            if (host.Self is not { } self)
                return HelloVerdict.No(LinkErrorCode.NotReady, "this node has not joined its cluster yet");
            var verdict = HandshakeRules.Judge(Hello.Parser.ParseFrom(frame), self, options.Versions, host.Serves, certificate);
            if (verdict.Peer is not { } peer)
                return verdict;
            if (host.Admit(self, peer, frames, address) is { } error)
                return verdict with { Error = error };
            frames.TrySend(HandshakeRules.Welcome(self, verdict.Version));
            _complaints.Clear(peer.Name);
            return verdict;
        }
        catch (InvalidProtocolBufferException)
        {
            return HelloVerdict.No(LinkErrorCode.Garbage, "the first frame is not a hello");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return HelloVerdict.No(LinkErrorCode.TimedOut, $"no hello within {options.Limits.HandshakeTimeout}");
        }
    }

    private void Complain(string peer, LinkError error)
    {
        if (error.Code is not (LinkErrorCode.NotReady or LinkErrorCode.Closed) && _complaints.IsNew(peer, error.Code))
            LogRefused(logger, peer, error);
    }
}
