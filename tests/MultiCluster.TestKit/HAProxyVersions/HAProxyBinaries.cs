using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MultiCluster.TestKit.HAProxyVersions;

/// <summary>
/// The HAProxy versions on this machine: those listed in the file that <c>MULTICLUSTER_HAPROXY_VERSIONS</c> names
/// (written by <c>tests/haproxy-versions.sh</c>), else the one on the PATH.
/// </summary>
public static partial class HAProxyBinaries
{
    public const string VersionsFileVariable = "MULTICLUSTER_HAPROXY_VERSIONS";

    private static readonly TimeSpan VersionQueryDeadline = TimeSpan.FromSeconds(10);

    // Users' PATH often lacks the directories where distributions put haproxy.
    private static readonly string[] ServiceDirectories = ["/usr/local/sbin", "/usr/sbin"];

    private static readonly Lazy<IReadOnlyList<HAProxyBinary>> Found = new(() => Find(
        Environment.GetEnvironmentVariable(VersionsFileVariable),
        Environment.GetEnvironmentVariable("PATH")));

    /// <summary>Never empty; the distribution's own first.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says how to get one.</exception>
    public static IReadOnlyList<HAProxyBinary> List => Found.Value;

    /// <summary>The distribution's own.</summary>
    public static HAProxyBinary Default => List[0];

    /// <summary>One row per version: <c>[MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]</c>.</summary>
    public static IEnumerable<object[]> All => List.Select(binary => new object[] { binary });

    private static List<HAProxyBinary> Find(string? versionsFile, string? searchPath)
    {
        if (!string.IsNullOrEmpty(versionsFile))
            return ReadVersionsFile(versionsFile);

        var path = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(ServiceDirectories)
            .Select(directory => Path.Combine(directory, "haproxy"))
            .FirstOrDefault(File.Exists)
            ?? throw Missing("no haproxy on the PATH");
        return [Ask(path)];
    }

    private static List<HAProxyBinary> ReadVersionsFile(string file)
    {
        if (!File.Exists(file))
            throw Missing($"{VersionsFileVariable} names {file}, which does not exist");

        var binaries = File.ReadLines(file).Where(line => line.Length > 0).Select(line => ParseLine(file, line)).ToList();
        return binaries.Count > 0 ? binaries : throw Missing($"{file} lists no version");
    }

    private static HAProxyBinary ParseLine(string file, string line)
    {
        // The path comes last and may hold spaces.
        if (line.Split(' ', 3) is not [var version, var fullVersion, var path] || !Version.TryParse(version, out _))
            throw Missing($"{file}: not \"<major.minor> <full version> <path>\": {line}");
        return File.Exists(path)
            ? new HAProxyBinary(version, fullVersion, path)
            : throw Missing($"{file} lists {path}, which does not exist");
    }

    private static HAProxyBinary Ask(string path)
    {
        var start = new ProcessStartInfo(path, ["-v"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw Missing($"{path} could not be started");
        // A version text fits the pipe's buffer many times over: waiting first cannot block the writer.
        if (!process.WaitForExit(VersionQueryDeadline))
        {
            process.Kill();
            throw Missing($"{path} -v gave no answer within {VersionQueryDeadline}");
        }

        var output = process.StandardOutput.ReadToEnd();
        var match = VersionLine().Match(output);
        return match.Success
            ? new HAProxyBinary(match.Groups["short"].Value, match.Groups["full"].Value, path)
            : throw Missing($"{path} -v tells no version: {output}");
    }

    private static InvalidOperationException Missing(string reason) =>
        new($"No HAProxy to test with: {reason}. tests/run.sh installs it and runs the tests; " +
            $"tests/haproxy-versions.sh writes the file for {VersionsFileVariable}.");

    // 2.4 and later write "HAProxy", earlier ones "HA-Proxy".
    [GeneratedRegex("^HA-?Proxy version (?<full>(?<short>[0-9]+\\.[0-9]+)[^ \\n]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionLine();
}
