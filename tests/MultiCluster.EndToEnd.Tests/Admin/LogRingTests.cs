using System.Net.ServerSentEvents;
using Microsoft.Extensions.Logging;
using MultiCluster.Host.Logging;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>The log that is kept, and its readers.</summary>
public sealed class LogRingTests : IAsyncDisposable
{
    private readonly LogRing _ring = new(capacity: 10);
    private readonly CancellationTokenSource _stop = new();

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return default;
    }

    [Fact]
    public void The_tail_is_the_last_lines_that_pass_oldest_first()
    {
        Log(25);
        Assert.Equal([15, 16, 17, 18, 19, 20, 21, 22, 23, 24], Numbers(_ring.Tail(100, static _ => true)));
        Assert.Equal([22, 24], Numbers(_ring.Tail(2, static line => line.Number % 2 == 0)));
        Assert.Empty(_ring.Tail(0, static _ => true).Lines);
    }

    [Fact]
    public void Reading_on_tells_what_was_overwritten()
    {
        Log(3);
        var page = _ring.Read(0, 2);
        Assert.Equal([0, 1], Numbers(page));
        Assert.Equal((0, 2), (page.Missed, page.Next));
        Log(20);
        page = _ring.Read(page.Next, 100);
        Assert.Equal((11, 23), (page.Missed, page.Next));
        Assert.Equal(10, page.Lines.Count);
        Assert.Empty(_ring.Read(page.Next, 100).Lines);
    }

    [Fact]
    public void A_line_without_end_is_cut()
    {
        _ring.Add(Line("info") with { Message = new string('x', 100_000), Error = new string('y', 100_000) });
        var line = _ring.Tail(1, static _ => true).Lines.Single();
        Assert.Equal((4_001, 4_001), (line.Message.Length, line.Error!.Length));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_hears_how_many_lines_it_missed_and_goes_on()
    {
        Log(3);
        await using var events = LogStream.ReadAsync(_ring, LogLevel.Trace, 100, TimeProvider.System, _stop.Token).GetAsyncEnumerator();
        Assert.Equal("idle", (await NextAsync(events)).EventType);
        Assert.Contains("\"number\":0,", (await NextAsync(events)).Data, StringComparison.Ordinal);

        Log(30);

        Assert.Contains("\"number\":1,", (await NextAsync(events)).Data, StringComparison.Ordinal);
        Assert.Contains("\"number\":2,", (await NextAsync(events)).Data, StringComparison.Ordinal);
        var gap = await NextAsync(events);
        Assert.Equal(("gap", "{\"dropped\":20}"), (gap.EventType, gap.Data));
        for (var number = 23; number < 33; number++)
            Assert.Contains($"\"number\":{number},", (await NextAsync(events)).Data, StringComparison.Ordinal);
        var next = NextAsync(events);
        Assert.False(next.IsCompleted);
        Log(1);
        Assert.Contains("\"number\":33,", (await next).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_below_the_level_are_left_out_and_the_stream_ends_when_it_is_stopped()
    {
        _ring.Add(Line("info"));
        _ring.Add(Line("error"));
        await using var events = LogStream.ReadAsync(_ring, LogLevel.Warning, 100, TimeProvider.System, _stop.Token).GetAsyncEnumerator();
        Assert.Equal("idle", (await NextAsync(events)).EventType);
        Assert.Contains("\"number\":1,", (await NextAsync(events)).Data, StringComparison.Ordinal);
        _ring.Add(Line("debug"));
        _ring.Add(Line("critical"));
        Assert.Contains("\"number\":3,", (await NextAsync(events)).Data, StringComparison.Ordinal);
        var end = events.MoveNextAsync();
        await _stop.CancelAsync();
        Assert.False(await end);
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync(), "the stream ended");
        return events.Current;
    }

    private static IEnumerable<long> Numbers(LogPage page) => page.Lines.Select(static line => line.Number);

    private void Log(int lines)
    {
        for (var i = 0; i < lines; i++)
            _ring.Add(Line("info"));
    }

    private static LogLineView Line(string level) => new(0, default, level, "test", 1, "line", null);
}
