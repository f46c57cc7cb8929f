using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>Takes lines of the access log as HAProxy frames them: each before its end (RFC 6587 3.4.2).</summary>
internal sealed class LineCollector : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public LineCollector(string path)
    {
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>The next line's words.</summary>
    public async Task<string[]> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Await.Deadline);
        return (await _lines.Reader.ReadAsync(deadline.Token)).Split(' ');
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var readers = new List<Task>();
        try
        {
            while (true)
                readers.Add(ReadAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(readers);
        }
    }

    private async Task ReadAsync(Socket peer)
    {
        await using var stream = new NetworkStream(peer, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
                _lines.Writer.TryWrite(line);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // HAProxy's end, or the test's.
        }
    }
}
