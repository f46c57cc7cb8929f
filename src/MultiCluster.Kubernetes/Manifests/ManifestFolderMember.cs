using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// A member read from a folder of manifests, as for <c>kubectl apply -R -f</c>, and kept up with its changes.
/// <para>
/// A file counts when its writer has closed it or when it was renamed into place; while it is being written to, and while it
/// is malformed, its last good objects stay, the problem is shown in <see cref="Problems"/>, and the other files go on. A file
/// that is malformed from the very start has no last good objects; the first lists are sent without it, since one file that
/// stays bad must not keep the rest of a member out.
/// </para>
/// <para>
/// A folder that can't be read is a lost connection, not an empty folder. A program that closes a file half-written can't be
/// told from one that is done: writers who want no doubt at all write a temporary file (any name that doesn't end in .yaml,
/// .yml or .json) and rename it.
/// </para>
/// </summary>
public sealed partial class ManifestFolderMember : IMemberSource
{
    private readonly MemberName _name;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FolderTiming _timing = new();
    private readonly long _start;
    private readonly Channel<FolderHint> _hints = Channel.CreateUnbounded<FolderHint>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FolderState _state;
    private readonly Agenda _agenda;
    private ImmutableArray<FolderProblem> _problems = [];
    private string? _lost;
    private bool _listed;
    private TimeSpan? _firstFound;

    public ManifestFolderMember(MemberName name, string folder, TimeProvider time, ILogger<ManifestFolderMember> logger)
    {
        _name = name;
        _folder = Path.GetFullPath(folder);
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _state = new FolderState(_timing);
        _agenda = new Agenda(_timing);
    }

    /// <summary>Raised after <see cref="Problems"/> has changed, on the thread that reads the folder.</summary>
    public event EventHandler? ProblemsChanged;

    public string Description => _folder;

    /// <summary>What is wrong in the folder now.</summary>
    public IReadOnlyList<FolderProblem> Problems => _problems;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        using IFolderWatcher watcher = InotifyWatcher.TryCreate(_hints.Writer) ?? (IFolderWatcher)new PortableFolderWatcher(_folder, _hints.Writer);
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
        var first = await Task.WhenAny(hint, Task.Delay(wait, _time, stop.Token));
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
        || Directory.Exists(Path.Combine(_folder, path))
        || _state.Files.Any(file => file.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>Looks at what is due and tells what has changed by it.</summary>
    private List<MemberEvent> Look(IFolderWatcher watcher)
    {
        var due = _agenda.TakeDue(Now);
        if (due.Count == 0)
            return [];
        if (due.Remove("") || _lost is not null)
        {
            _agenda.At("", Now, Now + _timing.Rescan);
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
        var reading = FileReading.Of(Path.Combine(_folder, path));

        // What was written before the reading, or while it went on, is told of by now.
        watcher.Pump();
        TakeHints();
        if (_agenda.Awaits(path) && !isOverdue)
            return;
        if (_state.Take(path, reading, Now, isOverdue ? Evidence.Whole : evidence) is { } wait)
            _agenda.At(path, Now, Now + wait, evidence);
    }

    /// <summary>The first lists have waited long enough.</summary>
    private bool MustList => !_listed && _firstFound is { } found && Now - found >= _timing.FirstLists;

    /// <summary>Adds the files that differ from what is known.</summary>
    private bool TryScan(IFolderWatcher watcher, Dictionary<string, Evidence> due, out string error)
    {
        error = "";
        try
        {
            watcher.BeginScan();
            var files = FolderScanner.Scan(_folder, watcher.Enter);
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
            error = Directory.Exists(_folder) ? $"folder {_folder} can't be read: {e.Message}" : $"folder {_folder} does not exist";
            return false;
        }
    }

    /// <summary>By the file's own time. Before the first lists only, while there is nothing else to go by.</summary>
    private bool IsLongDone(FileStamp stamp) => _time.GetUtcNow().UtcDateTime - stamp.LastWrite >= _timing.BlindSettle;

    private List<MemberEvent> Lost(string reason)
    {
        if (string.Equals(_lost, reason, StringComparison.Ordinal))
            return [];
        _lost = reason;
        LogLost(_name, reason);
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
        LogListed(_name, _folder, _state.Files.Count());
        return [.. _state.Set.TakeLists(), .. ManifestSet.Kinds.Select(static kind => new MemberEvent.Connected(kind))];
    }

    private void UpdateProblems()
    {
        ImmutableArray<FolderProblem> problems = [.. _agenda.Unclosed(Now).Select(Unclosed), .. _state.Problems()];
        if (problems.SequenceEqual(_problems))
            return;
        foreach (var problem in problems.Except(_problems))
            LogProblem(_name, problem);
        foreach (var problem in _problems.Except(problems))
            LogSolved(_name, problem);
        _problems = problems;
        ProblemsChanged?.Invoke(this, EventArgs.Empty);
    }

    private static FolderProblem Unclosed(string path) =>
        new(path, 1, "its writer has not closed it yet; what it held before counts until then");

    private static async Task SendAsync(IMemberSink sink, List<MemberEvent> events, CancellationToken cancellationToken)
    {
        foreach (var memberEvent in events)
            await sink.OnEventAsync(memberEvent, cancellationToken);
    }
}
