using System.Net;
using System.Net.Http;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Framing;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>Speaks HTTP/2 but not always the rest: sends whatever bytes it is told.</summary>
internal static class RawPeer
{
    public static byte[] Framed(byte[] body)
    {
        var frame = new byte[body.Length + 4];
        FrameFormat.WriteLength(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    public static byte[] Framed(IMessage message) => Framed(message.ToByteArray());

    /// <summary>One request with all of this as its body, to its end.</summary>
    /// <returns>What came back, and the reason in the trailers.</returns>
    public static async Task<(HttpStatusCode Status, byte[] Body, LinkError? End)> PostAsync(string address, byte[] bytes, Version? version = null)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}{Http2ClusterTransport.Path}")
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(bytes),
        };
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await http.SendAsync(request, late.Token);
        var body = await response.Content.ReadAsByteArrayAsync(late.Token);
        var end = response.TrailingHeaders.TryGetValues(StreamTrailers.Name, out var values) ? StreamTrailers.Parse(values.Single()) : null;
        return (response.StatusCode, body, end);
    }
}
