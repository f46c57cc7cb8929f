namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>
/// A file, which others may move away, cut or delete between two batches: lines go to the file that has the name then, at its end. So logrotate needs to
/// tell nobody.
/// </summary>
internal sealed class FileTarget(string path) : ILogTarget
{
    private FileStream? _file;

    public ValueTask<string?> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        try
        {
            Open().Write(lines.Span);
            return new((string?)null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A part of a line may be there: what follows begins anew.
            Dispose();
            return new($"{path}: {failure.Message}");
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Open()
    {
        // A pipe or a terminal has no length.
        if (_file is { } open && new FileInfo(path) is { Exists: true } there && (!open.CanSeek || there.Length >= open.Position))
            return open;
        Dispose();
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory)
            Directory.CreateDirectory(directory);
        return _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        });
    }
}
