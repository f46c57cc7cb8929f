using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Mirrors;

/// <summary>
/// Takes copies of requests from HAProxy, which waits for no answer and gets none: <c>LENGTH LENGTH LENGTH\n</c>, then the policy's value, lines about the
/// request and its body, of so many bytes.
/// </summary>
public sealed partial class CopyListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int MaxHead = 64;
    private const int MaxRule = 8 * 1024;
    private const int MaxLines = 64 * 1024;
    private const int MaxBody = 64 * 1024;

    /// <summary>Copies that are read now, of workers of before as well.</summary>
    private const int MaxReading = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly CopySender _sender;
    private readonly Task _accepting;
    private int _reading;
    private long _lost;
    private long _told;

    private CopyListener(Socket socket, string path, TimeProvider time, ILogger logger)
    {
        (_socket, Path, _time, _logger) = (socket, path, time, logger);
        _sender = new CopySender(time);
        _told = time.GetTimestamp() - time.TimestampFrequency * (long)Silence.TotalSeconds;
        _accepting = Task.Run(AcceptAsync);
    }

    public string Path { get; }

    /// <summary>Copies that were dropped, or that nobody took.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <param name="forOthers">HAProxy runs as another user; the directory must let it pass.</param>
    public static async Task<Outcome<CopyListener>> StartAsync(string path, bool forOthers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var socket = await UnixListening.OpenAsync(path, forOthers, Backlog, cancellationToken);
        return socket.IsOk ? new CopyListener(socket.Value, path, time, logger) : new Failure($"Copies of requests can't be taken at {path}: {socket.Error}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(Path);
        _sender.Dispose();
        _end.Dispose();
    }

    private Task AcceptAsync() => AcceptLoop.RunAsync(_socket.AcceptAsync, proxy => _ = TakeAsync(proxy), problem => LogRefused(_logger, problem), _time, _end.Token);

    private async Task TakeAsync(Socket proxy)
    {
        RequestCopy? copy = null;
        using (proxy)
        {
            try
            {
                if (Interlocked.Increment(ref _reading) <= MaxReading)
                    copy = await ReadAsync(proxy);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Who began a copy has not ended it.
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }
        }

        if ((copy is null || !await _sender.SendAsync(copy, _end.Token)) && !_end.IsCancellationRequested)
            Lose(copy);
    }

    private async Task<RequestCopy?> ReadAsync(Socket proxy)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _end.Token);
        await using var stream = new BufferedStream(new NetworkStream(proxy), 4096);
        if (await HeadAsync(stream, end.Token) is not { } lengths)
            return null;
        var (rule, lines, body) = (new byte[lengths.Rule], new byte[lengths.Lines], new byte[lengths.Body]);
        await stream.ReadExactlyAsync(rule, end.Token);
        await stream.ReadExactlyAsync(lines, end.Token);
        await stream.ReadExactlyAsync(body, end.Token);
        return RequestCopy.Parse(Encoding.Latin1.GetString(rule), Encoding.Latin1.GetString(lines), body);
    }

    private static async Task<(int Rule, int Lines, int Body)?> HeadAsync(BufferedStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < MaxHead)
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n')
            {
                return head.ToString().Split(' ') is [var rule, var lines, var body]
                    && Length(rule, MaxRule) is { } ruleLength && Length(lines, MaxLines) is { } linesLength && Length(body, MaxBody) is { } bodyLength
                    ? (ruleLength, linesLength, bodyLength)
                    : null;
            }

            head.Append((char)one[0]);
        }

        return null;
    }

    private static int? Length(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= most ? length : null;

    /// <summary>Said once a minute: a target that is down loses each of its copies.</summary>
    private void Lose(RequestCopy? copy)
    {
        var lost = Interlocked.Increment(ref _lost);
        var told = Interlocked.Read(ref _told);
        if (_time.GetElapsedTime(told) >= Silence && Interlocked.CompareExchange(ref _told, _time.GetTimestamp(), told) == told)
            LogLost(_logger, lost, copy?.Target ?? "nobody");
    }

    [LoggerMessage(3411, LogLevel.Warning, "A copy of a request could not be taken: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(3412, LogLevel.Warning, "{Lost} copies of requests are lost until now, the last one for {Target}: it does not take them, or not in time")]
    private static partial void LogLost(ILogger logger, long lost, string target);
}
