using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Reads a manifest folder once from the beginning and then keeps up with it: one run of a <see cref="ManifestFolderMember"/>.</summary>
/// <param name="report">Takes the problems whenever they have changed.</param>
internal sealed partial class FolderReader(
    MemberName name, string folder, TimeProvider time, ILogger logger, Action<ImmutableArray<FolderProblem>> report)
{
    private static readonly FolderTiming Timing = new();

    private readonly ILogger _logger = logger;
    private readonly long _start = time.GetTimestamp();
    private readonly Channel<FolderHint> _hints = Channel.CreateUnbounded<FolderHint>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FolderState _state = new(Timing);
    private readonly Agenda _agenda = new(Timing);
    private ImmutableArray<FolderProblem> _problems = [];
    private string? _lost;
    private bool _listed;
    private TimeSpan? _firstFound;

    private TimeSpan Now => time.GetElapsedTime(_start);

    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        using IFolderWatcher watcher = InotifyWatcher.TryCreate(_hints.Writer) ?? (IFolderWatcher)new PortableFolderWatcher(folder, _hints.Writer);
        Task<bool>? hint = null;
        _agenda.At("", Now, Now);
        while (true)
        {
            await SendAsync(sink, Look(watcher), cancellationToken);
            hint ??= _hints.Reader.WaitToReadAsync(cancellationToken).AsTask();
            if (await WaitAsync(hint, cancellationToken))
                hint = null;
            TakeHints();
        }
    }

    /// <summary>Whether a hint came before the next thing on the agenda.</summary>
    private async Task<bool> WaitAsync(Task<bool> hint, CancellationToken cancellationToken)
    {
        var wait = (_agenda.Next ?? Now) - Now;
        if (wait <= TimeSpan.Zero)
            return hint.IsCompleted;

        // Timers tick in whole milliseconds; less than one would spin.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(hint, Task.Delay(wait, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == hint;
    }

    private void TakeHints()
    {
        while (_hints.Reader.TryRead(out var hint))
        {
            if (hint.Path.Length == 0 || FolderScanner.IsManifest(hint.Path))
                _agenda.Take(hint, Now);
            else if (hint.Kind is not (HintKind.Writing or HintKind.Closed) && MayHoldManifests(hint.Path))
                _agenda.At("", Now, Now);
        }
    }

    /// <summary>A directory that came or went, or the hidden link that a ConfigMap mount swaps.</summary>
    private bool MayHoldManifests(string path) =>
        Path.GetFileName(path.AsSpan()).StartsWith("..")
        || Directory.Exists(Path.Combine(folder, path))
        || _state.Files.Any(file => file.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>Looks at what is due and tells what has changed by it.</summary>
    private List<MemberEvent> Look(IFolderWatcher watcher)
    {
        var due = _agenda.TakeDue(Now);
        if (due.Count == 0)
            return [];
        if (due.Remove("") || _lost is not null)
        {
            _agenda.At("", Now, Now + Timing.Rescan);
            if (!TryScan(watcher, due, out var lost))
                return Lost(lost);
        }

        _firstFound ??= Now;
        foreach (var (path, evidence) in due)
            Look(watcher, path, evidence);
        return Found();
    }

    private void Look(IFolderWatcher watcher, string path, Evidence evidence)
    {
        var isOverdue = MustList;
        if (_agenda.IsWriting(path) && !isOverdue)
            return;
        var reading = FileReading.Of(Path.Combine(folder, path));

        // What was written before the reading, or while it went on, is told of by now.
        watcher.Pump();
        TakeHints();
        if (_agenda.Awaits(path) && !isOverdue)
            return;
        if (_state.Take(path, reading, Now, isOverdue ? Evidence.Whole : evidence) is { } wait)
            _agenda.At(path, Now, Now + wait, evidence);
    }

    /// <summary>The first lists have waited long enough.</summary>
    private bool MustList => !_listed && _firstFound is { } found && Now - found >= Timing.FirstLists;

    /// <summary>Adds the files that differ from what is known.</summary>
    private bool TryScan(IFolderWatcher watcher, Dictionary<string, Evidence> due, out string error)
    {
        error = "";
        try
        {
            watcher.BeginScan();
            var files = FolderScanner.Scan(folder, watcher.Enter);
            watcher.EndScan();
            foreach (var (path, found) in files)
            {
                if (_state.Note(path, found) is { } evidence)
                    due.TryAdd(path, _listed || !IsLongDone(found.Stamp) ? evidence : Evidence.Whole);
            }

            foreach (var path in _state.Files.Where(file => !files.ContainsKey(file)))
                due.TryAdd(path, Evidence.None);
            _agenda.Keep(files.ContainsKey);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = Directory.Exists(folder) ? $"folder {folder} can't be read: {e.Message}" : $"folder {folder} does not exist";
            return false;
        }
    }

    /// <summary>By the file's own time. Before the first lists only, while there is nothing else to go by.</summary>
    private bool IsLongDone(FileStamp stamp) => time.GetUtcNow().UtcDateTime - stamp.LastWrite >= Timing.BlindSettle;

    private List<MemberEvent> Lost(string reason)
    {
        if (string.Equals(_lost, reason, StringComparison.Ordinal))
            return [];
        _lost = reason;
        LogLost(name, reason);
        return [.. ManifestSet.Kinds.Select(kind => new MemberEvent.Disconnected(kind, reason))];
    }

    private List<MemberEvent> Found()
    {
        UpdateProblems();
        if (_listed && _lost is null)
            return _state.Set.TakeChanges();
        if (!_listed && (_state.IsAnyInDoubt || _agenda.IsAnyWriting) && !MustList)
            return [];

        // What a folder lacks after it was away may be a deletion or a half-mounted disk: lists, so that the consumer judges.
        _listed = true;
        _lost = null;
        LogListed(name, folder, _state.Files.Count());
        return [.. _state.Set.TakeLists(), .. ManifestSet.Kinds.Select(static kind => new MemberEvent.Connected(kind))];
    }

    private void UpdateProblems()
    {
        ImmutableArray<FolderProblem> problems = [.. _agenda.Unclosed(Now).Select(Unclosed), .. _state.Problems()];
        if (problems.SequenceEqual(_problems))
            return;
        foreach (var problem in problems.Except(_problems))
            LogProblem(name, problem);
        foreach (var problem in _problems.Except(problems))
            LogSolved(name, problem);
        _problems = problems;
        report(problems);
    }

    private static FolderProblem Unclosed(string path) =>
        new(path, 1, "its writer has not closed it yet; what it held before counts until then");

    private static async Task SendAsync(IMemberSink sink, List<MemberEvent> events, CancellationToken cancellationToken)
    {
        foreach (var memberEvent in events)
            await sink.OnEventAsync(memberEvent, cancellationToken);
    }
}
