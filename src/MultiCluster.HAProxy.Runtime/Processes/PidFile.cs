using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>Tells operators, and our own tools, which process to stop.</summary>
public static class PidFile
{
    /// <summary>By rename, so that nobody reads half of it.</summary>
    public static void Write(string path, int pid)
    {
        var fresh = path + ".new";
        File.WriteAllText(fresh, pid.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(fresh, path, overwrite: true);
    }
}
