namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>What each version printed, its paths changed to /etc/haproxy.</summary>
public static class Recorded
{
    public static TheoryData<string> Versions { get; } = ["2.6", "3.0", "3.2", "3.4"];

    /// <summary>As the client hands it out.</summary>
    public static string Reply(string version, string name) => File.ReadAllText(PathOf(version, name)).TrimEnd('\n');

    public static byte[] Bytes(string version, string name) => File.ReadAllBytes(PathOf(version, name));

    private static string PathOf(string version, string name) => Path.Combine(AppContext.BaseDirectory, "Recorded", version, name + ".txt");
}
