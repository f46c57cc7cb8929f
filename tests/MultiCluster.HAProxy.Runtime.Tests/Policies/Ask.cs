using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>A request, written byte for byte, from any address: the listener believes the PROXY protocol.</summary>
/// <param name="Headers">Lines.</param>
internal sealed record Ask(string Path, string From = "10.1.2.3", string Method = "GET", bool Tls = false, string Body = "", params string[] Headers)
{
    public static Ask With(string path, params string[] headers) => new(path, Headers: headers);

    public async Task<Answer> SendAsync(PolicyWorld world, string host)
    {
        using var client = new TcpClient { NoDelay = true };
        var endpoint = Tls ? world.TlsEndpoint : world.Endpoint;
        await client.ConnectAsync(endpoint);
        Stream stream = client.GetStream();
        var (family, to) = From.Contains(':', StringComparison.Ordinal) ? ("TCP6", "::1") : ("TCP4", "127.0.0.1");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PROXY {family} {From} {to} 40000 80\r\n"));
        if (Tls)
        {
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate?.Subject == "CN=default.example");
            await tls.AuthenticateAsClientAsync(host);
            stream = tls;
        }

        var text = new StringBuilder($"{Method} {Path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        foreach (var header in Headers)
            text.Append(header).Append("\r\n");
        text.Append("\r\n").Append(Body);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        using var deadline = new CancellationTokenSource(Support.Await.Deadline);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return Answer.Parse(await reader.ReadToEndAsync(deadline.Token));
    }

    public override string ToString() => $"{Method} {Path} from {From}{(Tls ? " over TLS" : "")}{string.Concat(Headers.Select(static header => ", " + header))}";
}

/// <param name="Seen">Head of the request as the endpoint saw it; other text for an answer of HAProxy itself.</param>
internal sealed record Answer(int Status, string Head, string Seen)
{
    public static Answer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0 && text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"no answer: {text}");
        return new Answer(int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text[..(end + 2)], text[(end + 4)..]);
    }

    /// <summary>
    /// Null, or what is missing. "name: value" is a line of the answer's head, "&gt; name: value" one of the request that the endpoint saw,
    /// after '!' there is none that begins so.
    /// </summary>
    public string? Missing(string expectation)
    {
        var not = expectation.StartsWith('!');
        var line = not ? expectation[1..] : expectation;
        var seen = line.StartsWith("> ", StringComparison.Ordinal);
        var text = seen ? Seen : Head;
        var there = text.Split("\r\n").Any(item => not
            ? item.StartsWith(seen ? line[2..] : line, StringComparison.Ordinal)
            : item.Equals(seen ? line[2..] : line, StringComparison.Ordinal));
        return there == not ? $"{expectation} in\n{Head}\n{Seen}" : null;
    }
}
