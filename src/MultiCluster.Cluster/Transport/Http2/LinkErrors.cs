using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Google.Protobuf;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>Exceptions of the HTTP stacks as values.</summary>
internal static class LinkErrors
{
    public static readonly LinkError Stopped = new(LinkErrorCode.Closed, "closed by this process");
    public static readonly LinkError ClosedByPeer = new(LinkErrorCode.Closed, "closed by the peer");

    /// <summary>While a stream was in use.</summary>
    public static LinkError OfStream(Exception exception) => exception switch
    {
        InvalidProtocolBufferException => new(LinkErrorCode.Garbage, $"received a message that can't be read: {exception.Message}"),
        OperationCanceledException => new(LinkErrorCode.Lost, "the connection was given up"),
        _ => new(LinkErrorCode.Lost, $"the connection broke: {Innermost(exception)}"),
    };

    /// <summary>While a connection was made.</summary>
    /// <param name="reached">There was a socket to a process; what failed came after.</param>
    public static LinkError OfDial(string address, Exception exception, bool reached)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return new LinkError(LinkErrorCode.Tls, $"TLS with {address} failed: {Innermost(cause)}");
                case SocketException { SocketErrorCode: not SocketError.ConnectionReset } socket when !reached:
                    return new LinkError(LinkErrorCode.Unreachable, $"can't connect to {address}: {socket.SocketErrorCode}, {socket.Message}");
                default:
                    break;
            }
        }
        return !reached && exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            ? new LinkError(LinkErrorCode.Unreachable, $"can't connect to {address}: {Innermost(exception)}")
            : new LinkError(LinkErrorCode.Lost, $"{address} closed the connection before the handshake: {Innermost(exception)}");
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.TrimEnd('.');
    }
}
