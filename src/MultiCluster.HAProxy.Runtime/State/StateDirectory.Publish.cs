using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.State;

public sealed partial class StateDirectory
{
    private const string GenerationPrefix = "gen-";
    private const string NextLinkName = "current.next";
    private const UnixFileMode GroupReadable = PrivateFile | UnixFileMode.GroupRead;
    private const int StreamBuffer = 64 * 1024;

    /// <summary>Writes <paramref name="files"/> as a new generation and makes it current. Blocks on the disk.</summary>
    /// <returns>An error, such as a full disk: the generation before stays current.</returns>
    public Outcome<Publication> Publish(IReadOnlyCollection<StartFile> files)
    {
        var previous = CurrentGeneration();
        var number = Generations().DefaultIfEmpty(0).Max() + 1;
        var directory = DirectoryOf(number);
        try
        {
            var written = WriteFiles(files, directory, previous is { } before ? DirectoryOf(before) : null);
            Swap(number);
            Remember(files);
            RemoveOthers(number, previous);
            LogPublished(_logger, directory, written, files.Count - written);
            return new Publication(directory, number, written, files.Count - written);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotPublished(_logger, directory, failure.Message);
            TryRemove(directory);
            return new Failure($"The start files could not be written to {directory}, the ones before stay: {failure.Message}");
        }
    }

    private int WriteFiles(IReadOnlyCollection<StartFile> files, string directory, string? previous)
    {
        var written = 0;
        var directories = new HashSet<string>(StringComparer.Ordinal) { directory };
        System.IO.Directory.CreateDirectory(directory, PrivateDirectory);
        foreach (var file in files)
        {
            var target = TargetOf(directory, file.Path);
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

    private static string TargetOf(string directory, string path)
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
        file.Stamp is { } stamp && _stamps.TryGetValue(file.Path, out var published) && published == stamp;

    private void Remember(IReadOnlyCollection<StartFile> files)
    {
        _stamps.Clear();
        foreach (var file in files.Where(file => file.Stamp is not null))
            _stamps[file.Path] = file.Stamp!;
    }

    private void Swap(int number)
    {
        var next = System.IO.Path.Combine(Path, NextLinkName);
        File.Delete(next);
        File.CreateSymbolicLink(next, GenerationPrefix + number.ToString(CultureInfo.InvariantCulture));
        var current = System.IO.Path.Combine(Path, CurrentName);
        if (NativeMethods.Rename(next, current) != 0)
            throw NativeMethods.Failed("rename", current);
        NativeMethods.FlushDirectory(Path);
    }

    private int? CurrentGeneration() =>
        new FileInfo(System.IO.Path.Combine(Path, CurrentName)).LinkTarget is { } target && NumberOf(target) is { } number &&
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

    /// <summary>A generation above the current one was never completed.</summary>
    private void RemoveLeftovers()
    {
        var current = CurrentGeneration();
        RemoveOthers(current, current is null ? null : Generations().Where(number => number < current).Cast<int?>().Max());
    }

    private void RemoveOthers(int? current, int? previous)
    {
        foreach (var number in Generations().Where(number => number != current && number != previous).ToArray())
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
