namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Why a file's content may be believed.</summary>
internal enum Evidence
{
    /// <summary>Nobody said that its writer is done.</summary>
    None,

    /// <summary>Its writer has closed it.</summary>
    Closed,

    /// <summary>It came in one step.</summary>
    Whole,
}

/// <summary>Which paths are to be looked at when, and which must not be, since they are being written to. The path "" stands for the whole folder.</summary>
internal sealed class Agenda(FolderTiming timing)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _writing = new(StringComparer.Ordinal);

    /// <summary>Null when nothing is to be done.</summary>
    public TimeSpan? Next => _entries.Count == 0 ? null : _entries.Values.Min(static entry => entry.Due);

    public bool IsAnyWriting => _writing.Count > 0;

    /// <summary>Whether there is news of a path that nobody has looked at yet.</summary>
    public bool Awaits(string path) => _writing.ContainsKey(path) || _entries.ContainsKey(path);

    public bool IsWriting(string path) => _writing.ContainsKey(path);

    /// <summary>Files whose writers take long.</summary>
    public IEnumerable<string> Unclosed(TimeSpan now) => _writing.Where(entry => now - entry.Value >= timing.UnclosedNotice).Select(static entry => entry.Key);

    public void Take(FolderHint hint, TimeSpan now)
    {
        switch (hint.Kind)
        {
            case HintKind.Writing:
                _writing.TryAdd(hint.Path, now);
                _entries.Remove(hint.Path);
                break;
            case HintKind.Closed:
                _writing.Remove(hint.Path);
                Later(hint.Path, now, Evidence.Closed);
                break;
            case HintKind.Renamed or HintKind.Gone:
                _writing.Remove(hint.Path);
                _entries[hint.Path] = new Entry(now, now, hint.Kind == HintKind.Renamed ? Evidence.Whole : Evidence.None);
                break;
            case HintKind.Forgotten:
                _writing.Clear();
                At("", now, now);
                break;
            default:
                if (!IsWriting(hint.Path))
                    Later(hint.Path, now, Evidence.None);
                break;
        }
    }

    public void At(string path, TimeSpan now, TimeSpan due, Evidence evidence = Evidence.None)
    {
        if (!_entries.TryGetValue(path, out var entry) || entry.Due > due)
            _entries[path] = new Entry(now, due, evidence);
    }

    /// <summary>Nobody will tell of the end of a write to a file that is not there any more.</summary>
    public void Keep(Predicate<string> exists)
    {
        foreach (var path in _writing.Keys.Where(path => !exists(path)).ToList())
            _writing.Remove(path);
    }

    /// <summary>The paths that are due.</summary>
    public Dictionary<string, Evidence> TakeDue(TimeSpan now)
    {
        var due = new Dictionary<string, Evidence>(StringComparer.Ordinal);
        foreach (var (path, entry) in _entries)
        {
            if (entry.Due <= now)
                due.Add(path, entry.Evidence);
        }

        foreach (var path in due.Keys)
            _entries.Remove(path);
        return due;
    }

    /// <summary>When the path has been quiet, or has been busy for too long.</summary>
    private void Later(string path, TimeSpan now, Evidence evidence)
    {
        var first = _entries.TryGetValue(path, out var entry) ? entry.First : now;
        var due = now + timing.Quiet;
        var limit = first + timing.QuietLimit;
        _entries[path] = new Entry(first, due < limit ? due : limit, evidence);
    }

    private readonly record struct Entry(TimeSpan First, TimeSpan Due, Evidence Evidence);
}
