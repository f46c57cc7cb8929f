using System.Text;
using System.Threading.Channels;
using MultiCluster.Kubernetes.Manifests;

namespace MultiCluster.Kubernetes.Tests.Manifests;

/// <summary>What is believed when, without a disk or a clock.</summary>
public sealed class FolderStateTests
{
    private static readonly FolderTiming Timing = new();
    private readonly FolderState _state = new(Timing);

    [Fact]
    public void A_content_whose_writer_may_be_at_it_still_must_stay()
    {
        Assert.Equal(Timing.BlindSettle, Take(FolderFixture.Service("a"), 0, Evidence.None));
        Assert.Equal(Timing.BlindSettle, Take(FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"), 1900, Evidence.None));
        Assert.Equal(TimeSpan.FromMilliseconds(1), Take(FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"), 3899, Evidence.None));
        Assert.Empty(_state.Set.TakeChanges());
        Assert.Null(Take(FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"), 3900, Evidence.None));
        Assert.Equal(2, _state.Set.TakeChanges().Count);
    }

    [Fact]
    public void A_closed_content_counts_at_once_unless_it_looks_like_a_part()
    {
        Assert.Null(Take(FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"), 0, Evidence.Closed));
        Assert.Equal(2, _state.Set.TakeChanges().Count);
        Assert.Equal(Timing.ContentSettle, Take(FolderFixture.Service("a"), 10, Evidence.Closed));
        Assert.Empty(_state.Set.TakeChanges());
        Assert.Null(Take(FolderFixture.Service("a"), 510, Evidence.Closed));
        Assert.Single(_state.Set.TakeChanges());
    }

    [Fact]
    public void A_file_behind_a_swapped_link_is_whole()
    {
        var stamp = new FileStamp(DateTime.UnixEpoch, 1);
        Assert.Equal(Evidence.None, _state.Note("a.yaml", new FoundFile(stamp, "/v1")));
        Assert.Null(_state.Take("a.yaml", Reading("kind: x", stamp), TimeSpan.Zero, Evidence.Whole));
        Assert.Null(_state.Note("a.yaml", new FoundFile(stamp, "/v1")));
        Assert.Equal(Evidence.Whole, _state.Note("a.yaml", new FoundFile(stamp, "/v2")));
    }

    [Fact]
    public void A_file_that_is_written_to_is_not_due_until_it_is_closed_or_gone()
    {
        var agenda = new Agenda(Timing);
        agenda.Take(new FolderHint("a.yaml", HintKind.Changed), TimeSpan.Zero);
        agenda.Take(new FolderHint("a.yaml", HintKind.Writing), TimeSpan.Zero);
        Assert.Null(agenda.Next);
        Assert.Empty(agenda.Unclosed(TimeSpan.FromMilliseconds(999)));
        Assert.Equal(["a.yaml"], agenda.Unclosed(TimeSpan.FromSeconds(1)));
        agenda.Take(new FolderHint("a.yaml", HintKind.Closed), TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2) + Timing.Quiet, agenda.Next);
        Assert.Equal(Evidence.Closed, agenda.TakeDue(TimeSpan.FromSeconds(3))["a.yaml"]);
        agenda.Take(new FolderHint("a.yaml", HintKind.Writing), TimeSpan.FromSeconds(4));
        agenda.Keep(static _ => false);
        Assert.False(agenda.IsAnyWriting);
    }

    [Fact]
    public void Lost_hints_are_no_reason_to_wait_for_a_close()
    {
        var agenda = new Agenda(Timing);
        agenda.Take(new FolderHint("a.yaml", HintKind.Writing), TimeSpan.Zero);
        agenda.Take(new FolderHint("", HintKind.Forgotten), TimeSpan.Zero);
        Assert.False(agenda.Awaits("a.yaml"));
        Assert.Equal(TimeSpan.Zero, agenda.Next);
    }

    [Fact]
    public async Task Without_inotify_writes_and_renames_are_told_of()
    {
        await using var folder = new FolderFixture();
        var hints = Channel.CreateUnbounded<FolderHint>();
        using var watcher = new PortableFolderWatcher(folder.Folder, hints.Writer);
        watcher.BeginScan();
        folder.Write("a.yaml", "a");
        await UntilAsync(hints.Reader, new FolderHint("a.yaml", HintKind.Changed));
        File.Move(folder.PathOf("a.yaml"), folder.PathOf("b.yaml"));
        await UntilAsync(hints.Reader, new FolderHint("b.yaml", HintKind.Renamed));
        File.Delete(folder.PathOf("b.yaml"));
        await UntilAsync(hints.Reader, new FolderHint("b.yaml", HintKind.Gone));
    }

    private static async Task UntilAsync(ChannelReader<FolderHint> hints, FolderHint expected)
    {
        using var deadline = new CancellationTokenSource(RecordingSink.Deadline);
        while (await hints.ReadAsync(deadline.Token) != expected)
        {
        }
    }

    private TimeSpan? Take(string text, int milliseconds, Evidence evidence) =>
        _state.Take("a.yaml", Reading(text, new FileStamp(DateTime.UnixEpoch, text.Length)), TimeSpan.FromMilliseconds(milliseconds), evidence);

    private static FileReading Reading(string text, FileStamp stamp) => new(ReadOutcome.Read, Encoding.UTF8.GetBytes(text), stamp, "");
}
