using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Tests.Status;

/// <summary>An API server that takes everything, or answers what the test says.</summary>
internal sealed class FakeSink : IFederatedStatusSink, IEventSink, IMemberClusterSink
{
    public SinkResult Answer { get; set; } = SinkResult.Done;

    /// <summary>Answers to Events wait for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    public List<FederatedStatus> Statuses { get; } = [];

    public List<ObjectEvent> Events { get; } = [];

    public List<(string Name, MemberClusterReport Report)> Members { get; } = [];

    /// <summary>Such as "Warning PathConflict Ingress".</summary>
    public IEnumerable<string> EventTexts => Events.Select(static item => $"{(item.IsWarning ? "Warning" : "Normal")} {item.Reason} {item.Kind}");

    public Task<SinkResult> WriteAsync(ObjectKey ingress, FederatedStatus status, CancellationToken cancellationToken)
    {
        Statuses.Add(status);
        return Task.FromResult(Answer);
    }

    public Task<SinkResult> WriteAsync(ObjectEvent happened, CancellationToken cancellationToken)
    {
        Events.Add(happened);
        return Held is null ? Task.FromResult(Answer) : AnswerLaterAsync(Held.Task);
    }

    public Task<SinkResult> WriteAsync(string name, MemberClusterReport report, CancellationToken cancellationToken)
    {
        Members.Add((name, report));
        return Task.FromResult(Answer);
    }

    private async Task<SinkResult> AnswerLaterAsync(Task held)
    {
        await held;
        return Answer;
    }
}

/// <summary>Warnings that were logged.</summary>
internal sealed class WarningLog : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            Lines.Add(formatter(state, exception));
    }
}
