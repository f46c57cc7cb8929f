namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Which paths are to be looked at when. The path "" stands for the whole folder.</summary>
internal sealed class Agenda(FolderTiming timing)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Null when nothing is to be done.</summary>
    public TimeSpan? Next => _entries.Count == 0 ? null : _entries.Values.Min(static entry => entry.Due);

    /// <summary>A path is being written to: look when it has been quiet, or has been busy for too long.</summary>
    public void Touched(string path, TimeSpan now)
    {
        var first = _entries.TryGetValue(path, out var entry) ? entry.First : now;
        var due = now + timing.Quiet;
        _entries[path] = new Entry(first, due < first + timing.QuietLimit ? due : first + timing.QuietLimit, IsWhole: false);
    }

    public void At(string path, TimeSpan now, TimeSpan due, bool isWhole = false)
    {
        if (!_entries.TryGetValue(path, out var entry) || entry.Due > due)
            _entries[path] = new Entry(now, due, isWhole);
    }

    /// <summary>The paths that are due; true for one that was changed in one step.</summary>
    public Dictionary<string, bool> TakeDue(TimeSpan now)
    {
        var due = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (path, entry) in _entries)
        {
            if (entry.Due <= now)
                due.Add(path, entry.IsWhole);
        }

        foreach (var path in due.Keys)
            _entries.Remove(path);
        return due;
    }

    private readonly record struct Entry(TimeSpan First, TimeSpan Due, bool IsWhole);
}
