using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.State;

public sealed partial class StateDirectory
{
    private const string GenerationPrefix = "gen-";
    private const UnixFileMode GroupReadable = PrivateFile | UnixFileMode.GroupRead;
    private const int StreamBuffer = 64 * 1024;

    /// <summary>Writes <paramref name="files"/> as a new generation and makes it current. Blocks on the disk.</summary>
    /// <returns>An error, such as a full disk: the generation before stays current.</returns>
    public Outcome<Publication> Publish(IReadOnlyCollection<StartFile> files)
    {
        var staged = Stage(files);
        if (!staged.IsOk)
            return staged;
        if (MakeCurrent(staged.Value.Generation) is not { } problem)
            return staged;
        Discard(staged.Value.Generation);
        return new Failure(problem);
    }

    /// <summary>Writes <paramref name="files"/> as a new generation that nothing points to yet, so that it can be checked first.</summary>
    /// <returns>An error, such as a full disk; nothing is left of the generation.</returns>
    public Outcome<Publication> Stage(IReadOnlyCollection<StartFile> files)
    {
        var number = Generations().DefaultIfEmpty(0).Max() + 1;
        var directory = DirectoryOf(number);
        try
        {
            var written = WriteFiles(files, directory, Current is { } before ? DirectoryOf(before) : null);
            Remember(number, files);
            LogWritten(_logger, directory, written, files.Count - written);
            return new Publication(directory, number, written, files.Count - written);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotPublished(_logger, directory, failure.Message);
            TryRemove(directory);
            return new Failure($"The start files could not be written to {directory}, the ones before stay: {failure.Message}");
        }
    }

    /// <summary>Points <c>current</c> to a complete generation, a new one or one before, and removes what is no longer kept.</summary>
    /// <returns>Null, or why <c>current</c> stays as it is.</returns>
    public string? MakeCurrent(int generation)
    {
        var previous = Current;
        try
        {
            Point(CurrentName, generation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotPublished(_logger, DirectoryOf(generation), failure.Message);
            return $"The start files in {DirectoryOf(generation)} could not be made current, the ones before stay: {failure.Message}";
        }

        // One step forward is the rule; after a step back the generations above it are kept until the next step forward.
        if (previous is null || previous < generation)
            RemoveAllBut(generation, previous, Proven);
        return null;
    }

    /// <summary>For a generation that was staged and found wrong.</summary>
    public void Discard(int generation)
    {
        if (generation != Current && generation != Proven)
            TryRemove(DirectoryOf(generation));
    }

    /// <summary>HAProxy runs from the current generation: it is kept as the last resort until another one is proven.</summary>
    public void MarkProven()
    {
        if (Current is not { } generation || generation == Proven)
            return;
        try
        {
            Point(ProvenName, generation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotMarked(_logger, DirectoryOf(generation), failure.Message);
        }
    }

    private int WriteFiles(IReadOnlyCollection<StartFile> files, string directory, string? previous)
    {
        var written = 0;
        var directories = new HashSet<string>(StringComparer.Ordinal) { directory };
        System.IO.Directory.CreateDirectory(directory, PrivateDirectory);
        foreach (var file in files)
        {
            var target = PathIn(directory, file.Path);
            for (var parent = System.IO.Path.GetDirectoryName(target)!; directories.Add(parent); parent = System.IO.Path.GetDirectoryName(parent)!)
                System.IO.Directory.CreateDirectory(parent, PrivateDirectory);
            if (previous is not null && IsUnchanged(file) && NativeMethods.Link(System.IO.Path.Combine(previous, file.Path), target) == 0)
                continue;

            WriteFile(file, target);
            written++;
        }

        foreach (var made in directories)
            NativeMethods.FlushDirectory(made);
        return written;
    }

    private static string PathIn(string directory, string path)
    {
        var target = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, path));
        return target.StartsWith(directory + "/", StringComparison.Ordinal)
            ? target
            : throw new ArgumentException($"A start file must lie below its generation: {path}", nameof(path));
    }

    private static void WriteFile(StartFile file, string target)
    {
        using var stream = new FileStream(target, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = StreamBuffer,
            UnixCreateMode = file.IsSecret ? PrivateFile : GroupReadable,
        });
        file.Write(stream);
        stream.Flush(flushToDisk: true);
    }

    private bool IsUnchanged(StartFile file) =>
        _stampsOf == Current && file.Stamp is { } stamp && _stamps.TryGetValue(file.Path, out var published) && published == stamp;

    private void Remember(int generation, IReadOnlyCollection<StartFile> files)
    {
        _stampsOf = generation;
        _stamps.Clear();
        foreach (var file in files.Where(file => file.Stamp is not null))
            _stamps[file.Path] = file.Stamp!;
    }

    private void Point(string name, int generation)
    {
        var next = System.IO.Path.Combine(Path, name + ".next");
        File.Delete(next);
        File.CreateSymbolicLink(next, GenerationPrefix + generation.ToString(CultureInfo.InvariantCulture));
        var link = System.IO.Path.Combine(Path, name);
        if (NativeMethods.Rename(next, link) != 0)
            throw NativeMethods.Failed("rename", link);
        NativeMethods.FlushDirectory(Path);
    }

    private int? TargetOf(string link) =>
        new FileInfo(System.IO.Path.Combine(Path, link)).LinkTarget is { } target && NumberOf(target) is { } number &&
        System.IO.Directory.Exists(DirectoryOf(number))
            ? number
            : null;

    private string DirectoryOf(int generation) =>
        System.IO.Path.Combine(Path, GenerationPrefix + generation.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<int> Generations() => System.IO.Directory.EnumerateDirectories(Path, GenerationPrefix + "*")
        .Select(directory => NumberOf(System.IO.Path.GetFileName(directory)))
        .OfType<int>();

    private static int? NumberOf(string name) =>
        name.StartsWith(GenerationPrefix, StringComparison.Ordinal) &&
        int.TryParse(name.AsSpan(GenerationPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>A generation above the current one was never completed, or found wrong.</summary>
    private void RemoveLeftovers() => RemoveAllBut(Current, Earlier.Count > 0 ? Earlier[0] : null, Proven);

    private void RemoveAllBut(params int?[] kept)
    {
        foreach (var number in Generations().Where(number => !kept.Contains(number)).ToArray())
            TryRemove(DirectoryOf(number));
    }

    private void TryRemove(string directory)
    {
        try
        {
            if (System.IO.Directory.Exists(directory))
                System.IO.Directory.Delete(directory, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(_logger, directory, failure.Message);
        }
    }
}
