using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

internal static class GlobalSection
{
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths, string description)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
            # Written by MultiCluster; changes made by hand are lost. The program is fixed: Ingresses are data in maps/.
            global
                description "{description}"
                stats socket {paths.WorkerSocket} mode 600 level admin expose-fd listeners
                # The agent holds one connection for as long as it lives; the default would cut it after 10 idle seconds.
                stats timeout 24d
                tune.bufsize {ProgramRenderer.BufferSize}
                hard-stop-after {ProgramRenderer.Milliseconds(options.Timeouts.HardStopAfter)}
                tune.ssl.default-dh-param {options.Tls.DhSize}
                ssl-default-bind-options {options.Tls.Options ?? $"ssl-min-ver {options.MinTlsVersion} no-tls-tickets"}
                ssl-default-bind-ciphers {options.Tls.Ciphers ?? Ciphers}

            """);
        text.Append(CultureInfo.InvariantCulture, $"""
            .if feature(LUA)
            .if version_atleast(3.1)
                tune.lua.bool-sample-conversion normal
            .endif
                lua-load-per-thread {paths.Full(ProgramPaths.Script)}
            .endif

            """);
        if (options.MaxConnections > 0)
            text.Append(CultureInfo.InvariantCulture, $"    maxconn {options.MaxConnections}\n");
        if (options.Threads > 0)
            text.Append(CultureInfo.InvariantCulture, $"    nbthread {options.Threads}\n");
        if (options.User is { } user)
            text.Append(CultureInfo.InvariantCulture, $"    user {user}\n");
        if (options.Group is { } group)
            text.Append(CultureInfo.InvariantCulture, $"    group {group}\n");
        if (options.Tls.CipherSuites is { } suites)
            text.Append(CultureInfo.InvariantCulture, $"    ssl-default-bind-ciphersuites {suites}\n");
        if (options.LogTag is { } tag)
            text.Append(CultureInfo.InvariantCulture, $"    log-tag {tag}\n");
        foreach (var target in options.LogReceiver is null && options.AccessLog is { } first ? options.MoreLogs.Prepend(first) : [])
            text.Append(CultureInfo.InvariantCulture, $"    log {WithLength(target)}\n");
    }

    /// <summary>HAProxy cuts a log line after 1024 bytes, in the middle of a JSON object, unless told otherwise.</summary>
    private static string WithLength(string target)
    {
        if (target.Contains(" len ", StringComparison.Ordinal))
            return target;
        var end = target.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? $"{target} len 8192" : $"{target[..end]} len 8192{target[end..]}";
    }
}
