using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>Keeps log lines, to be awaited and counted.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly Pulse _pulse = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public int Count(string part)
    {
        lock (_gate)
            return _lines.Count(line => line.Text.Contains(part, StringComparison.Ordinal));
    }

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate)
                return [.. _lines.Where(static line => line.Level >= LogLevel.Error).Select(static line => line.Text)];
        }
    }

    public void HasNoErrors() => Assert.True(Errors.Count == 0, string.Join('\n', Errors));

    public Task SaysAsync(string part) => _pulse.UntilAsync(() => Count(part) > 0, () => $"a log line with '{part}' among\n{All()}");

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        lock (_gate)
            _lines.Add((logLevel, formatter(state, exception) + (exception is null ? "" : " " + exception)));
        _pulse.Beat();
    }

    public void Dispose()
    {
    }

    private string All()
    {
        lock (_gate)
            return string.Join('\n', _lines.Select(static line => line.Text));
    }
}
