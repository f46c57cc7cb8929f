using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Settings;

/// <summary>Where logs go, as both controllers write it, in HAProxy's words.</summary>
internal static class LogTargets
{
    private static readonly string[] Formats = ["rfc3164", "rfc5424", "short", "raw", "priority", "timed", "iso", "local"];
    private static readonly string[] Levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
    private static readonly string[] Facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "auth2", "ftp", "ntp", "audit", "alert", "cron2",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    /// <summary>Lines such as <c>address:127.0.0.1, port:514, facility:local0</c>; null when one is no such line.</summary>
    public static EquatableArray<string>? Official(string value)
    {
        var targets = new List<string>();
        foreach (var line in value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = part.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0 || !words.TryAdd(part[..colon].Trim(), part[(colon + 1)..].Trim()))
                    return null;
            }

            if (Official(words) is not { } target)
                return null;
            targets.Add(target);
        }

        return targets.Count == 0 ? null : targets.ToEquatableArray();
    }

    /// <param name="endpoint">stdout, or an address with a port, 514 by default.</param>
    /// <returns>Null when it is none.</returns>
    public static EquatableArray<string>? Community(string endpoint, string? format, string? length) => Target(endpoint) is { } target
        ? [$"{target} len {length ?? DefaultLength} format {format ?? (target == Stdout ? "raw" : "rfc5424")} local0"]
        : null;

    private const string Stdout = "stdout";

    /// <summary>A line of ours is long, and HAProxy cuts it after 1024 bytes unless it is told otherwise.</summary>
    private const string DefaultLength = "8192";

    private static string? Official(Dictionary<string, string> words)
    {
        if (!words.Keys.All(static key => key is "address" or "port" or "length" or "format" or "facility" or "level" or "minlevel"))
            return null;
        if (!words.TryGetValue("address", out var address) || Target(address, words.GetValueOrDefault("port")) is not { } target)
            return null;
        var length = words.GetValueOrDefault("length", DefaultLength);
        var format = words.GetValueOrDefault("format", target == Stdout ? "raw" : "rfc3164");
        var facility = words.GetValueOrDefault("facility", "local0");
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 80 or > 65535
            || !Formats.Contains(format, StringComparer.Ordinal) || !Facilities.Contains(facility, StringComparer.Ordinal)
            || !IsLevel(words.GetValueOrDefault("level")) || !IsLevel(words.GetValueOrDefault("minlevel")))
            return null;
        var line = $"{target} len {number} format {format} {facility}";
        if (words.TryGetValue("level", out var level))
            line += $" {level}{(words.TryGetValue("minlevel", out var least) ? $" {least}" : "")}";
        return line;
    }

    private static bool IsLevel(string? level) => level is null || Levels.Contains(level, StringComparer.Ordinal);

    private static string? Target(string address, string? port = null)
    {
        if (address == Stdout)
            return port is null ? Stdout : null;
        if (port is not null && !ValueChecks.IsNumber(port, 1, 65535))
            return null;
        if (ValueChecks.IsAddress(address.Trim('[', ']'), out _))
            return $"{address.Trim('[', ']')}:{port ?? "514"}";
        if (!ValueChecks.IsHostAndPort(address) || address.Contains('*', StringComparison.Ordinal))
            return null;
        var hasPort = !ValueChecks.IsHost(address);
        return hasPort && port is not null ? null : hasPort ? address : $"{address}:{port ?? "514"}";
    }
}
