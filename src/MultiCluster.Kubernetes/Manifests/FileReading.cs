namespace MultiCluster.Kubernetes.Manifests;

internal enum ReadOutcome
{
    Read,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>It changed while it was being read.</summary>
    Changing,
    Failed,
}

internal readonly record struct FileReading(ReadOutcome Outcome, byte[] Bytes, FileStamp Stamp, string Error)
{
    private const long MaxLength = 64 * 1024 * 1024;

    public static FileReading Of(string path)
    {
        try
        {
            using var file = RegularFile.Open(path);
            var before = StampOf(file);
            if (before.Length > MaxLength)
                return new(ReadOutcome.Failed, [], before, $"the file is longer than {MaxLength / (1024 * 1024)} MiB");
            var bytes = new byte[before.Length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var count and > 0)
                read += count;
            return read == bytes.Length && StampOf(file) == before
                ? new(ReadOutcome.Read, bytes, before, "")
                : new(ReadOutcome.Changing, [], before, "");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(ReadOutcome.Missing, [], default, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(ReadOutcome.Failed, [], default, e.Message);
        }
    }

    private static FileStamp StampOf(Microsoft.Win32.SafeHandles.SafeFileHandle file) =>
        new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
}
