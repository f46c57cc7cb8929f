using System.Text;

namespace MultiCluster.Hocon;

/// <summary>Files of the file system, as UTF-8 of at most 16 MiB.</summary>
public sealed class DiskHoconFiles : IHoconFiles
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string? Read(string path)
    {
        if (!File.Exists(path))
            return Directory.Exists(path) ? throw new IOException("it is a directory") : null;
        if (new FileInfo(path).Length > MaxBytes)
            throw new IOException("it is larger than 16 MiB");
        try
        {
            return StrictUtf8.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException("it is not valid UTF-8", e);
        }
    }
}
