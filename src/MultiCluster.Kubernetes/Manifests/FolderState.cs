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

    /// <summary>Takes note of a file that a scan has found; whether it must be read.</summary>
    public bool Note(string path, FoundFile found)
    {
        var file = Track(path);
        var isSame = file.Stamp == found.Stamp && string.Equals(file.Origin, found.Origin, StringComparison.Ordinal) && file.Doubt is null;
        file.Origin = found.Origin;
        return !isSame;
    }

    /// <summary>Problems of all files, duplicates included, in order.</summary>
    public ImmutableArray<FolderProblem> Problems() =>
    [
        .. _files.Values.SelectMany(static file => file.Problems).Concat(Set.Duplicates())
            .OrderBy(static p => p.File, StringComparer.Ordinal).ThenBy(static p => p.Line).ThenBy(static p => p.Message, StringComparer.Ordinal),
    ];

    /// <summary>Takes a reading of a file; the answer is the time until the file must be read again, or null.</summary>
    public TimeSpan? Take(string path, FileReading reading, TimeSpan now, Trust trust)
    {
        switch (reading.Outcome)
        {
            case ReadOutcome.Missing:
                return TakeMissing(path, now, trust);
            case ReadOutcome.Changing:
                return timing.Quiet;
            case ReadOutcome.Failed:
                var unreadable = Track(path);
                unreadable.Problems = [new FolderProblem(path, 1, $"the file can't be read: {reading.Error}")];
                unreadable.Stamp = reading.Stamp;
                unreadable.Taken = null;
                return null;
            default:
                return TakeContent(path, reading, now, trust);
        }
    }

    private TimeSpan? TakeMissing(string path, TimeSpan now, Trust trust)
    {
        if (!_files.TryGetValue(path, out var file))
            return null;
        if (trust != Trust.Everything && file.Doubted(hash: null, now) is var doubted && doubted < timing.VanishSettle)
            return timing.VanishSettle - doubted;
        _files.Remove(path);
        Set.Replace(path, null);
        return null;
    }

    private TimeSpan? TakeContent(string path, FileReading reading, TimeSpan now, Trust trust)
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
        if (trust == Trust.Nothing && parsed.LooksHalfWritten(file.Good)
            && file.Doubted(hash, now) is var doubted && doubted < timing.ContentSettle)
        {
            return timing.ContentSettle - doubted;
        }

        file.Doubt = null;
        file.Taken = hash;
        file.Problems = parsed.Problems;
        if (parsed.IsMalformed)
            return null;
        file.Good = parsed;
        Set.Replace(path, parsed.Objects);
        return null;
    }

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

/// <summary>Which states of a file count at once.</summary>
internal enum Trust
{
    /// <summary>None that could be a moment of a write.</summary>
    Nothing,

    /// <summary>Any content: it came whole, by a rename.</summary>
    Content,

    /// <summary>Absence, too: at the start there is nothing to lose.</summary>
    Everything,
}

/// <summary>How long the folder waits for what.</summary>
internal sealed record FolderTiming
{
    /// <summary>After a write: most writers are done by then.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A file that is written to without pause is read after this time all the same.</summary>
    public TimeSpan QuietLimit { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A state that could be half of a write must stay for so long.</summary>
    public TimeSpan ContentSettle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Editors move a file away and write a new one.</summary>
    public TimeSpan VanishSettle { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a hint from the system: links swapped deep down, network mounts, an overflow of events.</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(2);
}
