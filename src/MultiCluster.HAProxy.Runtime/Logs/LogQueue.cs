using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>
/// Between HAProxy, which waits for nobody, and where lines go, which may be slow or gone: keeps so much, and drops what comes above that. What is dropped is
/// counted, and told once a minute.
/// </summary>
internal sealed partial class LogQueue : IAsyncDisposable
{
    public const int MaxBytes = 16 << 20;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ILogTarget _target;
    private readonly IAccessObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;
    private long _held;
    private long _lost;
    private long? _told;

    public LogQueue(ILogTarget target, IAccessObserver observer, TimeProvider time, ILogger logger)
    {
        (_target, _observer, _time, _logger) = (target, observer, time, logger);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes a copy.</summary>
    public void Add(ReadOnlySpan<byte> text, int lines)
    {
        if (Interlocked.Add(ref _held, text.Length) > MaxBytes)
        {
            Interlocked.Add(ref _held, -text.Length);
            _observer.OnLost(LineLoss.Slow, lines);
            Interlocked.Add(ref _lost, lines);
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        text.CopyTo(bytes);
        _batches.Writer.TryWrite(new Batch(bytes, text.Length, lines));
    }

    /// <summary>What waits is written first, as far as that goes quickly.</summary>
    public async ValueTask DisposeAsync()
    {
        _batches.Writer.TryComplete();
        using (var patience = new CancellationTokenSource(LastPatience, _time))
            await _writing.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync();
        _target.Dispose();
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        await foreach (var batch in _batches.Reader.ReadAllAsync(_end.Token))
        {
            var problem = await _target.WriteAsync(batch.Bytes.AsMemory(0, batch.Length), _end.Token);
            Interlocked.Add(ref _held, -batch.Length);
            ArrayPool<byte>.Shared.Return(batch.Bytes);
            if (problem is null)
            {
                _observer.OnWritten(batch.Lines);
            }
            else
            {
                _observer.OnLost(LineLoss.Failed, batch.Lines);
                Interlocked.Add(ref _lost, batch.Lines);
            }

            if (Interlocked.Read(ref _lost) is > 0 and var lost)
                Tell(lost, problem);
        }
    }

    private void Tell(long lost, string? problem)
    {
        if (_told is { } told && _time.GetElapsedTime(told) < Silence)
            return;
        _told = _time.GetTimestamp();
        Interlocked.Add(ref _lost, -lost);
        LogLost(_logger, lost, problem ?? "lines come faster than they are taken");
    }

    private readonly record struct Batch(byte[] Bytes, int Length, int Lines);

    [LoggerMessage(3431, LogLevel.Warning, "{Lost} lines of the access log are lost: {Problem}. Requests are served; mend the target of haproxy.log-receiver.output, or name another")]
    private static partial void LogLost(ILogger logger, long lost, string problem);
}
