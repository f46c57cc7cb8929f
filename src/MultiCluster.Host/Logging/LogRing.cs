using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Logging;

/// <param name="Missed">Lines before these that were wanted and are gone.</param>
/// <param name="Next">Number of the line to read on from.</param>
public sealed record LogPage(IReadOnlyList<LogLineView> Lines, long Missed, long Next);

/// <summary>
/// The last lines that this process logged. Readers come with the number of the line they have read up to, so that a slow one costs
/// nothing and misses what was overwritten meanwhile. From any thread.
/// </summary>
public sealed class LogRing(int capacity = LogRing.DefaultCapacity)
{
    public const int DefaultCapacity = 2_000;

    /// <summary>Characters of a message, and of an exception, that are kept: what the ring takes is bounded.</summary>
    private const int MaxText = 4_000;

    private readonly Lock _gate = new();
    private readonly LogLineView[] _lines = new LogLineView[capacity];
    private long _next;
    private TaskCompletionSource? _news;

    public int Capacity => capacity;

    /// <summary>Takes the line, with a number in place of the one it has.</summary>
    public void Add(LogLineView line)
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            _lines[_next % capacity] = line with { Number = _next, Message = Cut(line.Message)!, Error = Cut(line.Error) };
            _next++;
            (news, _news) = (_news, null);
        }
        news?.TrySetResult();
    }

    /// <summary>The last lines that pass, oldest first.</summary>
    public LogPage Tail(int most, Func<LogLineView, bool> passes)
    {
        lock (_gate)
        {
            var lines = new List<LogLineView>();
            for (var number = _next - 1; number >= Oldest && lines.Count < most; number--)
            {
                if (_lines[number % capacity] is var line && passes(line))
                    lines.Add(line);
            }
            lines.Reverse();
            return new LogPage(lines, 0, _next);
        }
    }

    public LogPage Read(long from, int most)
    {
        lock (_gate)
        {
            var first = Math.Clamp(from, Oldest, _next);
            var end = Math.Min(_next, first + most);
            var lines = new LogLineView[end - first];
            for (var i = 0; i < lines.Length; i++)
                lines[i] = _lines[(first + i) % capacity];
            return new LogPage(lines, first - from, end);
        }
    }

    /// <summary>Completes when there is a line of that number.</summary>
    public Task UntilAsync(long number)
    {
        lock (_gate)
        {
            if (number < _next)
                return Task.CompletedTask;
            _news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _news.Task;
        }
    }

    private long Oldest => Math.Max(0, _next - capacity);

    private static string? Cut(string? text) => text is { Length: > MaxText } ? $"{text.AsSpan(0, MaxText)}…" : text;
}
