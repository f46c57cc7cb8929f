namespace MultiCluster.TestKit.HAProxyVersions;

/// <param name="Version">Major and minor, as in <c>2.6</c>: what features depend on.</param>
/// <param name="FullVersion">What <c>haproxy -v</c> says, with the packager's suffix: <c>2.6.12-1+deb12u3</c>.</param>
/// <param name="Path">Absolute; of an unpacked version it is a script that starts the binary through its own loader.</param>
public sealed record HAProxyBinary(string Version, string FullVersion, string Path)
{
    /// <summary>Short, since xunit shows it in the name of each theory's row.</summary>
    public override string ToString() => $"haproxy {Version}";

    /// <summary>Whether this is <paramref name="major"/>.<paramref name="minor"/> or later.</summary>
    public bool IsAtLeast(int major, int minor) => System.Version.Parse(Version) >= new Version(major, minor);
}
