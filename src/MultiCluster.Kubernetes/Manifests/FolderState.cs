using System.Collections.Immutable;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// What is known of a folder's files and what of it is believed. Time comes as elapsed ticks of one clock; reading comes as
/// <see cref="FileReading"/>: no I/O here.
/// </summary>
internal sealed class FolderState(FolderTiming timing)
{
    private readonly Dictionary<string, Tracked> _files = new(StringComparer.Ordinal);
    private readonly ManifestParser _parser = new();

    public ManifestSet Set { get; } = new();

    public IEnumerable<string> Files => _files.Keys;

    /// <summary>Whether any file's content is not believed yet.</summary>
    public bool IsAnyInDoubt => _files.Values.Any(static file => file.Doubt is not null);

    /// <summary>Takes note of a file that a scan has found; null when there is no need to read it.</summary>
    public Evidence? Note(string path, FoundFile found)
    {
        var file = Track(path);
        var isElsewhere = file.Origin is not null && !string.Equals(file.Origin, found.Origin, StringComparison.Ordinal);
        file.Origin = found.Origin;
        if (isElsewhere)
            return Evidence.Whole; // Checkouts and ConfigMaps are written whole before the link to them is swapped.
        return file.Stamp == found.Stamp && file.Doubt is null ? null : Evidence.None;
    }

    /// <summary>Problems of all files, duplicates included, in order.</summary>
    public ImmutableArray<FolderProblem> Problems() =>
    [
        .. _files.Values.SelectMany(static file => file.Problems).Concat(Set.Duplicates())
            .OrderBy(static p => p.File, StringComparer.Ordinal).ThenBy(static p => p.Line).ThenBy(static p => p.Message, StringComparer.Ordinal),
    ];

    /// <summary>Takes a reading of a file; the answer is the time until the file must be read again, or null.</summary>
    public TimeSpan? Take(string path, FileReading reading, TimeSpan now, Evidence evidence)
    {
        switch (reading.Outcome)
        {
            case ReadOutcome.Missing:
                return TakeMissing(path, now);
            case ReadOutcome.Changing:
                return timing.Quiet;
            case ReadOutcome.Failed:
                var unreadable = Track(path);
                unreadable.Problems = [new FolderProblem(path, 1, $"the file can't be read: {reading.Error}")];
                unreadable.Stamp = reading.Stamp;
                unreadable.Taken = null;
                unreadable.Doubt = null;
                return null;
            default:
                return TakeContent(path, reading, now, evidence);
        }
    }

    private TimeSpan? TakeMissing(string path, TimeSpan now)
    {
        if (!_files.TryGetValue(path, out var file))
            return null;
        if (file.Doubted(hash: null, now) is var doubted && doubted < timing.VanishSettle)
            return timing.VanishSettle - doubted;
        _files.Remove(path);
        Set.Replace(path, null);
        return null;
    }

    private TimeSpan? TakeContent(string path, FileReading reading, TimeSpan now, Evidence evidence)
    {
        var file = Track(path);
        file.Stamp = reading.Stamp;
        var hash = ManifestParser.HashOf(reading.Bytes);
        if (file.Taken == hash)
        {
            file.Doubt = null;
            return null;
        }

        var parsed = _parser.Parse(path, reading.Bytes);
        var settle = Settle(file, parsed, evidence);
        if (settle > TimeSpan.Zero && file.Doubted(hash, now) is var doubted && doubted < settle)
            return settle - doubted;
        file.Doubt = null;
        file.Taken = hash;
        file.Problems = parsed.Problems;
        if (parsed.IsMalformed)
            return null;
        file.Good = parsed;
        Set.Replace(path, parsed.Objects);
        return null;
    }

    /// <summary>How long a content must stay to be believed.</summary>
    private TimeSpan Settle(Tracked file, ManifestFile parsed, Evidence evidence) => evidence switch
    {
        Evidence.Whole => TimeSpan.Zero,
        Evidence.Closed => parsed.LooksHalfWritten(file.Good) ? timing.ContentSettle : TimeSpan.Zero,
        _ => timing.BlindSettle,
    };

    private Tracked Track(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            _files[path] = file = new Tracked();
        return file;
    }

    private sealed class Tracked
    {
        public FileStamp Stamp { get; set; }

        public string? Origin { get; set; }

        /// <summary>The content that was judged last.</summary>
        public UInt128? Taken { get; set; }

        /// <summary>The last content that could be parsed: its objects stay.</summary>
        public ManifestFile? Good { get; set; }

        public ImmutableArray<FolderProblem> Problems { get; set; } = [];

        /// <summary>A content (null: absence) that is not believed yet, and since when it is there.</summary>
        public (UInt128? Hash, TimeSpan Since)? Doubt { get; set; }

        /// <summary>How long this content has been doubted.</summary>
        public TimeSpan Doubted(UInt128? hash, TimeSpan now)
        {
            if (Doubt is not { } doubt || doubt.Hash != hash)
                Doubt = doubt = (hash, now);
            return now - doubt.Since;
        }
    }
}
