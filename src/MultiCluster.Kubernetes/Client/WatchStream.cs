using System.Buffers;
using System.IO.Pipelines;
using MultiCluster.Kubernetes.Decoding;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Receives the events of one watch in order.</summary>
internal interface IWatchHandler
{
    /// <summary>The server has accepted the watch.</summary>
    ValueTask OpenedAsync(CancellationToken cancellationToken);

    /// <summary>False ends the watch.</summary>
    ValueTask<bool> EventAsync(WatchEvent watchEvent, CancellationToken cancellationToken);
}

/// <summary>
/// One watch request: splits the stream into lines wherever the chunks end, decodes each line where it lies and hands it
/// on at once. A connection that has gone silent is given up, since TCP alone would wait for hours.
/// </summary>
internal sealed class WatchStream(WatchScope scope, ResourceDecoder decoder, TimeProvider time)
{
    /// <summary>etcd takes 1.5 MB an object by default; JSON with managedFields stays far below this.</summary>
    private const int MaxLine = 32 * 1024 * 1024;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(30);

    private static readonly StreamPipeReaderOptions PipeOptions = new(bufferSize: 32 * 1024, minimumReadSize: 4 * 1024, leaveOpen: false);

    /// <summary>Null when the server ended the watch in good order or the handler did.</summary>
    /// <param name="lifetime">Asked of the server: it ends the watch after this time.</param>
    /// <param name="silence">Longest time without a byte; bookmarks come about once a minute.</param>
    public async Task<ApiError?> RunAsync(
        KubernetesClient client, string resourceVersion, TimeSpan lifetime, TimeSpan silence, IWatchHandler handler, CancellationToken cancellationToken)
    {
        var query = scope.Query(
            $"watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}&timeoutSeconds={(int)lifetime.TotalSeconds}");
        var opened = await client.OpenAsync(query, gzip: false, HeaderTimeout, cancellationToken, scope.EventsAs);
        if (!opened.Succeeded)
            return opened.Error;
        using var response = opened.Value;
        await handler.OpenedAsync(cancellationToken);
        using var watchdog = new Watchdog(silence, time, cancellationToken);
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken), PipeOptions);
        try
        {
            return await ReadLinesAsync(client, reader, watchdog, handler, cancellationToken);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private async Task<ApiError?> ReadLinesAsync(
        KubernetesClient client, PipeReader reader, Watchdog watchdog, IWatchHandler handler, CancellationToken cancellationToken)
    {
        var searched = 0L;
        while (true)
        {
            var (result, error) = await ReadAsync(client, reader, watchdog, cancellationToken);
            if (error is not null)
                return error;
            var buffer = result.Buffer;
            while (TryCutLine(ref buffer, ref searched, out var line))
            {
                if (!IsBlank(line) && !await handler.EventAsync(Decode(line), cancellationToken))
                    return null;
            }

            // What is left is a piece of a line: it is lost when the stream ends here, and comes again with the next watch.
            searched = buffer.Length;
            if (searched > MaxLine)
                return new ApiError(0, ApiError.NotKubernetes, $"the watch of {scope} sent a line of more than {MaxLine} bytes");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    /// <summary>Only the read's own failures become values: what the handler throws is a bug and passes through.</summary>
    private async ValueTask<(ReadResult Result, ApiError? Error)> ReadAsync(
        KubernetesClient client, PipeReader reader, Watchdog watchdog, CancellationToken cancellationToken)
    {
        try
        {
            watchdog.Start();
            var result = await reader.ReadAsync(watchdog.Token);
            watchdog.Stop();
            return (result, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, new ApiError(0, ApiError.Timeout, $"the watch of {scope} was silent for {watchdog.Limit.TotalSeconds:0} s"));
        }
        catch (Exception e) when (KubernetesClient.IsTransport(e, cancellationToken))
        {
            return (default, client.TransportError(e));
        }
    }

    /// <param name="searched">Bytes at the start that are known to hold no line end.</param>
    private static bool TryCutLine(ref ReadOnlySequence<byte> buffer, ref long searched, out ReadOnlySequence<byte> line)
    {
        var end = buffer.Slice(searched).PositionOf((byte)'\n');
        if (end is null)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end.Value);
        buffer = buffer.Slice(buffer.GetPosition(1, end.Value));
        searched = 0;
        return true;
    }

    private WatchEvent Decode(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return decoder.DecodeWatchEvent(scope.Type, line.FirstSpan);
        var length = (int)line.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            line.CopyTo(copy);
            return decoder.DecodeWatchEvent(scope.Type, copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy, clearArray: true);
        }
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line) => line.IsEmpty || (line.Length == 1 && line.FirstSpan[0] == (byte)'\r');

    /// <summary>Cancels a read that waits too long; does not run while events are being handled.</summary>
    private sealed class Watchdog : IDisposable
    {
        private readonly TimeSpan _limit;
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _either;

        public Watchdog(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            _limit = limit;
            _timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timer.Token);
        }

        public TimeSpan Limit => _limit;

        public CancellationToken Token => _either.Token;

        public void Start() => _timer.CancelAfter(_limit);

        public void Stop() => _timer.CancelAfter(Timeout.InfiniteTimeSpan);

        public void Dispose()
        {
            _either.Dispose();
            _timer.Dispose();
        }
    }
}
