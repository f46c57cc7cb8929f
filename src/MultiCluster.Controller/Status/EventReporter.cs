using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

public sealed record ReportSettings(MemberRegistry Members, ILogger Logger);

/// <summary>
/// Writes Events on the copies of ingresses that have their owner on this node. News is looked at a little later, so that what is over at
/// once, as while members are read one after the other, is not told.
/// </summary>
public sealed partial class EventReporter(ReportSettings settings) : Actor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ObjectKey, Tracked> _ingresses = [];
    private readonly HashSet<ObjectKey> _unsettled = [];
    private readonly PendingWrites<EventSubject, ObjectEvent> _writes = new(new WritePace(TimeSpan.FromSeconds(1)), static subject => subject.Member);
    private long _began;

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        Context.Timers.StartPeriodic(Due.Instance, Interval, Due.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case StatusProtocol.Judged judged:
                Take(judged);
                break;
            case StatusProtocol.Released released when _ingresses.TryGetValue(released.Ingress, out var known) && known.Permit == released.Permit:
                Forget(released.Ingress, known);
                break;
            case StatusProtocol.Released:
                break;
            case Due:
                Settle();
                Write();
                break;
            case Written written:
                OnWritten(written);
                Write();
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Take(StatusProtocol.Judged judged)
    {
        if (!_ingresses.TryGetValue(judged.Ingress, out var known))
        {
            _ingresses.Add(judged.Ingress, known = new Tracked());
            if (judged.Before is { } before)
                known.Events.Recall(before);
        }

        known.Permit = judged.Permit;
        known.Events.Take(judged.Verdict);
        if (_unsettled.Add(judged.Ingress))
            known.SettledAt = Now + Settling;
    }

    private void Settle()
    {
        if (_unsettled.Count == 0)
            return;
        var now = Now;
        foreach (var ingress in _unsettled.Where(ingress => !_ingresses.TryGetValue(ingress, out var known) || known.SettledAt <= now).ToList())
        {
            _unsettled.Remove(ingress);
            if (_ingresses.TryGetValue(ingress, out var known))
                Settle(ingress, known);
        }
    }

    private void Settle(ObjectKey ingress, Tracked known)
    {
        foreach (var subject in known.Wanted)
            _writes.Drop(subject, known.Permit);
        known.Wanted.Clear();
        foreach (var (subject, what) in known.Events.Due())
        {
            // What was never told because nobody can be told needs no end.
            if (settings.Members.Find(subject.Member)?.Events is null)
                continue;
            _writes.Want(subject, what, known.Permit);
            known.Wanted.Add(subject);
        }

        if (known.Events.IsQuiet)
            _ingresses.Remove(ingress);
    }

    private void Forget(ObjectKey ingress, Tracked known)
    {
        _ingresses.Remove(ingress);
        foreach (var subject in known.Wanted)
            _writes.Drop(subject, known.Permit);
    }

    private void Write()
    {
        foreach (var (subject, what) in _writes.Begin(Now))
        {
            if (settings.Members.Find(subject.Member)?.Events is not { } sink)
            {
                OnWritten(new Written(subject, what, new SinkResult(SinkOutcome.Gone, "")));
                continue;
            }

            Context.PipeToSelf(
                sink.WriteAsync(what, Context.Stopping),
                result => new Written(subject, what, result),
                failure => new Written(subject, what, new SinkResult(SinkOutcome.Failed, failure.Message)));
        }
    }

    private void OnWritten(Written written)
    {
        var (subject, what, result) = written;
        _writes.Done(subject, what, result.Outcome, Now);
        if (settings.Members.Writes.Note(subject.Member, "Events", subject.Ingress, result))
            LogFailed(settings.Logger, subject.Ingress, subject.Member, result.Message);
        if (result.Outcome is SinkOutcome.Forbidden or SinkOutcome.Failed || !_ingresses.TryGetValue(subject.Ingress, out var known))
            return;
        if (result.Outcome == SinkOutcome.Done)
            LogWritten(settings.Logger, subject.Ingress, subject.Member, what.Reason);
        known.Events.Said(subject, what);
        if (known.Events.IsQuiet && !_unsettled.Contains(subject.Ingress))
            _ingresses.Remove(subject.Ingress);
    }

    [LoggerMessage(1321, LogLevel.Information, "Ingress {Ingress} in {Member}: wrote an Event, {Reason}")]
    private static partial void LogWritten(ILogger logger, ObjectKey ingress, MemberName member, string reason);

    [LoggerMessage(1322, LogLevel.Warning, "Ingress {Ingress} in {Member}: an Event could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    private sealed class Tracked
    {
        public CopyEvents Events { get; } = new();

        public List<EventSubject> Wanted { get; } = [];

        public WritePermit Permit { get; set; }

        public TimeSpan SettledAt { get; set; }
    }

    private sealed record Written(EventSubject Subject, ObjectEvent What, SinkResult Result);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
