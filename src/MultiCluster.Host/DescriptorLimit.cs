using System.Globalization;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.Host;

/// <summary>HAProxy does not start with more connections than its file descriptors allow; we say so and start with fewer.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>Sockets that are no client's: listeners, pipes, logs, health checks.</summary>
    private const int Reserve = 200;

    private const string LimitsFile = "/proc/self/limits";

    public static ProgramOptions Fit(ProgramOptions options, ILogger logger)
    {
        if (options.MaxConnections == 0 || !File.Exists(LimitsFile) || Read(File.ReadAllLines(LimitsFile)) is not { } limit)
            return options;
        var most = Math.Max(1, (limit - Reserve) / 2);
        if (options.MaxConnections <= most)
            return options;
        LogCut(logger, options.MaxConnections, (options.MaxConnections * 2L) + Reserve, limit, most);
        return options with { MaxConnections = (int)most };
    }

    /// <summary>The hard limit, which HAProxy raises its own to; null when unlimited.</summary>
    private static long? Read(IEnumerable<string> lines)
    {
        var words = lines.FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal))?
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, _, _, _, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    [LoggerMessage(1401, LogLevel.Warning, "haproxy.max-connections = {Wanted} takes {Needed} file descriptors, but the limit is {Limit}: using {Most}; raise the limit (LimitNOFILE, ulimit -n) for more")]
    private static partial void LogCut(ILogger logger, int wanted, long needed, long limit, long most);
}
