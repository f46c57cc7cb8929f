using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>Tells operators, and our own tools, which process to stop.</summary>
public static class PidFile
{
    /// <summary>By rename, so that nobody reads half of it.</summary>
    /// <returns>Null, or why it was not written: a full disk is no reason to lose a HAProxy that serves.</returns>
    public static string? Write(string path, int pid)
    {
        var fresh = path + ".new";
        try
        {
            File.WriteAllText(fresh, pid.ToString(CultureInfo.InvariantCulture) + "\n");
            File.Move(fresh, path, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{path} could not be written: {failure.Message}";
        }
    }
}
