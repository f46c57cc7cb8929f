using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>A HAProxy that can be started, as its <c>-vv</c> describes it.</summary>
/// <param name="Features">Names after a plus in the feature list: OPENSSL, LUA, PCRE2, …</param>
/// <param name="MaxThreads">Compiled in; null when it does not say.</param>
public sealed partial record HAProxyBinary(string Path, HAProxyVersion Version, IReadOnlySet<string> Features, int? MaxThreads)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public bool HasTls => Features.Contains("OPENSSL") || Features.Contains("SSL");

    public bool HasLua => Features.Contains("LUA");

    public bool HasPcre2 => Features.Contains("PCRE2");

    /// <summary>Asks the binary at <paramref name="path"/>, an absolute path or a name on the PATH.</summary>
    /// <returns>An error when it is missing, can't be run, says nothing sensible, is older than 2.6 or has no TLS.</returns>
    public static async Task<Outcome<HAProxyBinary>> InspectAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        if (path.Contains('/', StringComparison.Ordinal) && !File.Exists(path))
            return new Failure($"There is no HAProxy at {path}: install it (Debian, Ubuntu: apt-get install haproxy) or name another path.");
        var run = await CommandRun.ExecuteAsync(path, ["-vv"], Deadline, time, cancellationToken);
        return run.IsOk ? Parse(path, run.Value.Output) : new Failure(run.Error);
    }

    internal static Outcome<HAProxyBinary> Parse(string path, string output)
    {
        var match = VersionLine().Match(output);
        if (!match.Success || !HAProxyVersion.TryParse(match.Groups["version"].Value, out var version))
            return new Failure($"{path} is no HAProxy: \"{path} -vv\" prints \"{output[..Math.Min(output.Length, 120)].Trim()}\".");
        if (version < HAProxyVersion.Floor)
            return new Failure($"{path} is HAProxy {version}, {HAProxyVersion.Floor} or later is needed: install a newer one.");

        var features = FeatureList().Match(output).Groups["list"].Value
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(word => word.StartsWith('+'))
            .Select(word => word[1..])
            .ToHashSet(StringComparer.Ordinal);
        var threads = MaxThreadsText().Match(output);
        var binary = new HAProxyBinary(
            path, version, features, threads.Success ? int.Parse(threads.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) : null);
        return binary.HasTls ? binary : new Failure($"{path} (HAProxy {version}) is built without TLS: install one built with OpenSSL.");
    }

    // 2.4 and later write "HAProxy", earlier ones "HA-Proxy".
    [GeneratedRegex(@"^HA-?Proxy version (?<version>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^Feature list : (?<list>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex FeatureList();

    [GeneratedRegex(@"MAX_THREADS=(?<n>[0-9]{1,6})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MaxThreadsText();
}
