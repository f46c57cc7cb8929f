namespace MultiCluster.Hocon;

/// <summary>The files a configuration is read from; paths use the separators of the system.</summary>
public interface IHoconFiles
{
    /// <returns>The text, or null when there is no such file.</returns>
    /// <exception cref="IOException">The file is there, but can't be read as UTF-8 text.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    string? Read(string path);
}
