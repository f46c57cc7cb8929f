using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Takes lines of the access log from HAProxy's workers, of which an old one may end slowly beside a new one, and hands them on as people read them.</summary>
public sealed partial class LogListener : IAsyncDisposable
{
    private const int Backlog = 64;

    /// <summary>No line of ours is as long.</summary>
    private const int MaxLine = 64 * 1024;

    /// <summary>HAProxy writes line by line: to wake up for each costs more than the line does. What comes meanwhile waits in the socket, and then in HAProxy's ring.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private const int Buffer = 256 * 1024;

    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: Buffer, minimumReadSize: Buffer / 4);

    private readonly Socket _socket;
    private readonly string _proxy;
    private readonly LogReceiverOptions _options;
    private readonly IAccessObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly LogQueue _queue;
    private readonly Task _accepting;
    private readonly HashSet<Task> _readers = [];

    private LogListener(Socket socket, string path, string proxy, LogReceiverOptions options, IAccessObserver observer, TimeProvider time, ILogger logger)
    {
        (_socket, Path, _proxy, _options, _observer, _time, _logger) = (socket, path, proxy, options, observer, time, logger);
        _queue = new LogQueue(ILogTarget.Of(options.Output, time), observer, time, logger);
        _accepting = Task.Run(() => AcceptLoop.RunAsync(_socket.AcceptAsync, Take, problem => LogRefused(_logger, problem), time, _end.Token));
    }

    public string Path { get; }

    /// <param name="forOthers">HAProxy runs as another user; the directory must let it pass.</param>
    /// <param name="proxy">As lines name it.</param>
    public static async Task<Outcome<LogListener>> StartAsync(
        string path, bool forOthers, string proxy, LogReceiverOptions options, IAccessObserver observer, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var socket = await UnixListening.OpenAsync(path, forOthers, Backlog, cancellationToken);
        return socket.IsOk
            ? new LogListener(socket.Value, path, proxy, options, observer, time, logger)
            : new Failure($"Lines of the access log can't be taken at {path}: {socket.Error}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] readers;
        lock (_readers)
            readers = [.. _readers];
        await Task.WhenAll(readers);
        File.Delete(Path);
        await _queue.DisposeAsync();
        _end.Dispose();
    }

    private void Take(Socket worker)
    {
        lock (_readers)
        {
            _readers.RemoveWhere(static reader => reader.IsCompleted);
            _readers.Add(ReadAsync(worker));
        }
    }

    private async Task ReadAsync(Socket worker)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(worker, ownsSocket: true);
        using var writer = new AccessLineWriter(_proxy, _options, _observer);
        var batch = new ArrayBufferWriter<byte>(MaxLine);
        var reader = PipeReader.Create(stream, Reading);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(_end.Token);
                var (rest, isMuch) = (read.Buffer, read.Buffer.Length > Buffer / 2);
                TakeLines(ref rest, writer, batch);
                if (rest.Length > MaxLine)
                {
                    _observer.OnLost(LineLoss.Unreadable, 1);
                    rest = rest.Slice(rest.End);
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    break;
                if (!isMuch)
                    await Task.Delay(Rest, _time, _end.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // HAProxy's end, or ours.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // HAProxy connects anew, and goes on with the next lines.
            _observer.OnLost(LineLoss.Unreadable, 1);
            LogBug(_logger, bug);
        }

        await reader.CompleteAsync();
    }

    private void TakeLines(ref ReadOnlySequence<byte> rest, AccessLineWriter writer, ArrayBufferWriter<byte> batch)
    {
        var (lines, unreadable) = (0, 0);
        var sequence = new SequenceReader<byte>(rest);
        while (sequence.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (writer.Write(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), batch))
                lines++;
            else
                unreadable++;
        }

        rest = rest.Slice(sequence.Position);
        if (lines > 0)
            _queue.Add(batch.WrittenSpan, lines);
        if (unreadable > 0)
            _observer.OnLost(LineLoss.Unreadable, unreadable);
        batch.ResetWrittenCount();
    }

    [LoggerMessage(3433, LogLevel.Error, "Lines of the access log could not be read, which is a bug; some are lost")]
    private static partial void LogBug(ILogger logger, Exception bug);

    [LoggerMessage(3432, LogLevel.Warning, "Lines of the access log could not be taken: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
