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
public sealed partial class EventReporter(ReportSettings settings)
    : PacedWriter<EventSubject, ObjectEvent>(new WritePace(TimeSpan.FromSeconds(1)), settings.Members.Writes, "Events", static subject => subject.Member)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ObjectKey, Tracked> _ingresses = [];
    private readonly HashSet<ObjectKey> _unsettled = [];

    protected override void Handle(object message)
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
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnTick()
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

    protected override MemberName TakerOf(EventSubject key) => key.Member;

    protected override Task<SinkResult> WriteAsync(EventSubject key, ObjectEvent what) =>
        settings.Members.Find(key.Member)?.Events?.WriteAsync(what, Context.Stopping) ?? NoTaker;

    protected override void OnWritten(EventSubject key, ObjectEvent what, bool isDone)
    {
        if (!_ingresses.TryGetValue(key.Ingress, out var known))
            return;
        if (isDone)
            LogWritten(settings.Logger, key.Ingress, key.Member, what.Reason);
        known.Events.Said(key, what);
        // A warning that comes through when the matter is over calls for its end, which nothing else would bring up.
        if (what.IsWarning)
            Unsettle(key.Ingress, known);
    }

    protected override void OnEnded(EventSubject key)
    {
        if (_ingresses.TryGetValue(key.Ingress, out var known))
            ForgetWhenQuiet(key.Ingress, known);
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
        Unsettle(judged.Ingress, known);
    }

    private void Unsettle(ObjectKey ingress, Tracked known)
    {
        if (_unsettled.Add(ingress))
            known.SettledAt = Now + Settling;
    }

    private void Settle(ObjectKey ingress, Tracked known)
    {
        DropWanted(known);
        known.Wanted.RemoveWhere(subject => !IsUnderWay(subject));
        foreach (var (subject, what) in known.Events.Due())
        {
            // What was never told because nobody can be told needs no end.
            if (settings.Members.Find(subject.Member)?.Events is null)
                continue;
            Want(subject, what, known.Permit);
            known.Wanted.Add(subject);
        }

        ForgetWhenQuiet(ingress, known);
    }

    /// <summary>What is on its way may have to be told the end of.</summary>
    private void ForgetWhenQuiet(ObjectKey ingress, Tracked known)
    {
        if (known.Events.IsQuiet && !_unsettled.Contains(ingress) && !known.Wanted.Any(IsUnderWay))
            _ingresses.Remove(ingress);
    }

    private void Forget(ObjectKey ingress, Tracked known)
    {
        _ingresses.Remove(ingress);
        DropWanted(known);
    }

    private void DropWanted(Tracked known)
    {
        foreach (var subject in known.Wanted)
            Drop(subject, known.Permit);
    }

    protected override void LogFailed(EventSubject key, MemberName member, string problem) => LogFailed(settings.Logger, key.Ingress, member, problem);

    [LoggerMessage(1345, LogLevel.Information, "Ingress {Ingress} in {Member}: wrote an Event, {Reason}")]
    private static partial void LogWritten(ILogger logger, ObjectKey ingress, MemberName member, string reason);

    [LoggerMessage(1346, LogLevel.Warning, "Ingress {Ingress} in {Member}: an Event could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    private sealed class Tracked
    {
        public CopyEvents Events { get; } = new();

        /// <summary>Also what has been said by now.</summary>
        public HashSet<EventSubject> Wanted { get; } = [];

        public WritePermit Permit { get; set; }

        public TimeSpan SettledAt { get; set; }
    }
}
