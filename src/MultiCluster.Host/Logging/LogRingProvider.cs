using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Logging;

/// <summary>Puts into the ring what the filters of the process let through to any log.</summary>
internal sealed class LogRingProvider(LogRing ring, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new RingLogger(categoryName, ring, time);

    public void Dispose()
    {
    }

    private sealed class RingLogger(string category, LogRing ring, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                ring.Add(new LogLineView(0, time.GetUtcNow(), LogLevels.WordOf(logLevel), category, eventId.Id, formatter(state, exception), exception?.ToString()));
        }
    }
}

/// <summary>Levels as the configuration writes them.</summary>
internal static class LogLevels
{
    private static readonly string[] Words = ["trace", "debug", "info", "warn", "error", "critical"];

    public static string All => string.Join(", ", Words);

    public static string WordOf(LogLevel level) => level is >= LogLevel.Trace and <= LogLevel.Critical ? Words[(int)level] : "none";

    public static LogLevel? Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var index ? (LogLevel)index : null;

    /// <summary>The least that our own code logs in this process.</summary>
    public static LogLevel Least(ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("MultiCluster");
        return Enumerable.Range(0, Words.Length).Select(static index => (LogLevel)index).FirstOrDefault(logger.IsEnabled, LogLevel.None);
    }
}

internal static class LogRingExtensions
{
    public static ILoggingBuilder AddLogRing(this ILoggingBuilder logging, TimeProvider time)
    {
        var ring = new LogRing();
        logging.Services.AddSingleton(ring);
        return logging.AddProvider(new LogRingProvider(ring, time));
    }
}
