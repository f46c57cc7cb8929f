using System.Text;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>HAProxy's stderr, read back for what it says between two moments.</summary>
internal static class LogFile
{
    private const int MaxBytes = 64 * 1024;

    public static long Length(string? path) => path is not null && File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>What was written after <paramref name="offset"/>, at most the last 64 KiB of it.</summary>
    public static string Since(string? path, long offset)
    {
        if (path is null)
            return "";
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = Math.Max(Math.Min(offset, stream.Length), stream.Length - MaxBytes);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd().Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    public static IReadOnlyList<string> Lines(string text, string level) =>
        [.. text.Split('\n').Where(line => line.StartsWith(level, StringComparison.Ordinal)).Select(line => line.TrimEnd())];
}
