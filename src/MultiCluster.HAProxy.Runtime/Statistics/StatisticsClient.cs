using System.Buffers;
using System.Net.Sockets;

namespace MultiCluster.HAProxy.Runtime.Statistics;

/// <summary>
/// Reads a worker's statistics over a connection of its own, so that nothing that is to be applied waits behind them, and takes them as they
/// come: those of 30,000 servers are some ten megabytes. Without a prompt a worker answers one line of commands and closes.
/// <para>
/// To add or delete a server HAProxy stops all its threads, and with 2.6 one that tells statistics stops only when it can't write on: 50 to
/// 400 ms later. So nothing is read while changes are on their way.
/// </para>
/// </summary>
/// <param name="isBusy">Changes are on their way to the same worker.</param>
public sealed class StatisticsClient(string socketPath, TimeProvider time, Func<bool>? isBusy = null)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Frontends, backends and servers, but no listeners: types 1, 2 and 4 of the management guide.</summary>
    private static readonly byte[] Questions = "show info;show stat -1 7 -1\n"u8.ToArray();

    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>In all: changes that never end must not keep everybody from seeing anything.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <returns>Null when all has been told, else why not.</returns>
    public async Task<string?> ReadAsync(IStatisticsSink sink, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var silence = new CancellationTokenSource(SilenceLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var dump = new Dump(sink);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stop.Token);
            for (var sent = 0; sent < Questions.Length;)
                sent += await socket.SendAsync(Questions.AsMemory(sent), SocketFlags.None, stop.Token);
            var waited = TimeSpan.Zero;
            for (var filled = 0; ;)
            {
                waited += await LetPassAsync(waited, stop.Token);
                var count = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, stop.Token);
                if (count == 0)
                    break;
                silence.CancelAfter(SilenceLimit);
                filled += count;
                var left = dump.Take(buffer.AsSpan(0, filled));
                if (left == buffer.Length)
                    return $"HAProxy tells a line of more than {left} bytes";
                buffer.AsSpan(filled - left, left).CopyTo(buffer);
                filled = left;
            }

            return dump.Problem;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"HAProxy's worker socket {socketPath} has told nothing for {SilenceLimit.TotalSeconds} s";
        }
        catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
        {
            return $"HAProxy's worker socket {socketPath} can't be read: {failure.Message}";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<TimeSpan> LetPassAsync(TimeSpan before, CancellationToken cancellationToken)
    {
        if (isBusy?.Invoke() != true || before >= LongestPause)
            return TimeSpan.Zero;
        var began = time.GetTimestamp();
        while (isBusy() && before + time.GetElapsedTime(began) < LongestPause)
            await Task.Delay(Pause, time, cancellationToken);
        return time.GetElapsedTime(began);
    }

    /// <summary>A blank line ends each of the two answers; what ends without it is a part.</summary>
    internal sealed class Dump(IStatisticsSink sink)
    {
        private Part _part;

        private enum Part
        {
            Info,
            Title,
            Rows,
            End,
            NoTable,
        }

        public string? Problem => _part switch
        {
            Part.End => null,
            Part.NoTable => "HAProxy's answer to \"show stat\" is no table",
            _ => "HAProxy closed the connection before it had told all",
        };

        /// <returns>How many bytes at the end are the beginning of a line.</returns>
        public int Take(ReadOnlySpan<byte> bytes)
        {
            for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
                OnLine(bytes[..end]);
            return bytes.Length;
        }

        private void OnLine(ReadOnlySpan<byte> line)
        {
            switch (_part)
            {
                case Part.Info when line.IsEmpty:
                    _part = Part.Title;
                    break;
                case Part.Info:
                    sink.OnInfo(line);
                    break;
                case Part.Title when StatTable.Of(line) is { } table:
                    _part = Part.Rows;
                    sink.OnTable(table);
                    break;
                case Part.Title:
                    _part = Part.NoTable;
                    break;
                case Part.Rows when line.IsEmpty:
                    _part = Part.End;
                    break;
                case Part.Rows:
                    sink.OnRow(line);
                    break;
            }
        }
    }
}
