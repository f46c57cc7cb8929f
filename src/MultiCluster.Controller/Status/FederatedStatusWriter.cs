using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Status;

/// <param name="Addresses">Of the proxies.</param>
/// <param name="StaleAfter">How long a member can't be read before it counts as stale.</param>
public sealed record FederatedStatusSettings(
    MemberRegistry Members, IStatusSurvey Survey, EquatableArray<string> Addresses, TimeSpan StaleAfter, ILogger Logger);

/// <summary>
/// Writes the status of FederatedIngresses that have their owner on this node. What it is made of is asked for at a slow pace, not told with
/// every change, so that pods that come and go cost the home API server nothing but a write now and then.
/// </summary>
public sealed partial class FederatedStatusWriter(FederatedStatusSettings settings) : Actor
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>For numbers of endpoints, which may change all the time.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectKey, Tracked> _objects = [];
    private readonly PendingWrites<Target, FederatedStatus> _writes = new(new WritePace(TimeSpan.FromSeconds(5), PerMember: 4), static target => target.Home);
    private Dictionary<MemberName, DateTimeOffset> _staleSince = [];
    private bool _isAsking;
    private long _began;

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        Context.Timers.StartPeriodic(LookDue.Instance, Interval, LookDue.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case StatusProtocol.Judged judged:
                Take(judged);
                break;
            case StatusProtocol.Released released when _objects.TryGetValue(released.Ingress, out var known) && known.Permit == released.Permit:
                Forget(released.Ingress, known);
                break;
            case StatusProtocol.Released:
                break;
            case LookDue:
                Look();
                Write();
                break;
            case Surveyed surveyed:
                OnSurveyed(surveyed);
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
        var known = _objects.GetValueOrDefault(judged.Ingress);
        if (judged.Verdict is not { Federated: { } federated } verdict)
        {
            if (known is not null)
                Forget(judged.Ingress, known);
            return;
        }

        // One that was made anew has no status yet.
        if (known is null || known.Verdict.Federated!.Uid != federated.Uid || known.Verdict.Federated.Home != federated.Home)
            _objects[judged.Ingress] = known = new Tracked { Verdict = verdict };
        (known.Verdict, known.Permit, known.LookAt) = (verdict, judged.Permit, Now);
    }

    private void Forget(ObjectKey ingress, Tracked known)
    {
        _objects.Remove(ingress);
        _writes.Drop(new Target(known.Verdict.Federated!.Home, ingress), known.Permit);
    }

    private void Look()
    {
        if (_isAsking || _objects.Count == 0)
            return;
        var now = Now;
        var due = _objects.Where(item => item.Value.LookAt <= now).OrderBy(static item => item.Value.LookAt).Take(MostAtOnce).ToImmutableArray();
        if (due.IsEmpty)
            return;
        ImmutableArray<ObjectKey> services = [.. due.SelectMany(static item => FederatedStatusRules.ServicesOf(item.Value.Verdict)).Distinct()];
        _isAsking = true;
        Context.PipeToSelf(
            settings.Survey.AskAsync(new SurveyQuestion([.. due.Select(static item => item.Key)], services), Context.Stopping),
            answer => new Surveyed([.. due.Select(static item => KeyValuePair.Create(item.Key, item.Value.Verdict))], answer, null),
            failure => new Surveyed([], null, failure.Message));
    }

    private void OnSurveyed(Surveyed surveyed)
    {
        _isAsking = false;
        if (surveyed.Answer is not { } answer)
        {
            LogNoAnswer(settings.Logger, surveyed.Problem!);
            return;
        }

        NoteStaleness(answer.Members);
        foreach (var (ingress, verdict) in surveyed.Asked)
        {
            // What has changed since it was asked about is due already.
            if (_objects.TryGetValue(ingress, out var known) && ReferenceEquals(known.Verdict, verdict))
                Consider(ingress, known, answer);
        }
    }

    private void NoteStaleness(ImmutableSortedDictionary<MemberName, MemberTraits> members)
    {
        var now = Context.System.TimeProvider.GetUtcNow();
        _staleSince = members.Where(static item => item.Value.IsStale).ToDictionary(
            static item => item.Key,
            item => _staleSince.TryGetValue(item.Key, out var since) ? since
                : string.Equals(item.Value.StaleReason, Reasons.Unreachable, StringComparison.Ordinal) ? now - settings.StaleAfter : now);
    }

    private void Consider(ObjectKey ingress, Tracked known, SurveyAnswer answer)
    {
        var now = Now;
        known.LookAt = now + LookInterval;
        var programmed = known.Marks.Look(known.Verdict.Fragment, answer.Rows.GetValueOrDefault(ingress), answer.Proxies);
        var status = FederatedStatusRules.Of(
            known.Verdict, new StatusFacts(answer, programmed, settings.Addresses, _staleSince, Context.System.TimeProvider.GetUtcNow()));
        var target = new Target(known.Verdict.Federated!.Home, ingress);
        if (status.Equals(known.Written))
        {
            _writes.Drop(target);
            return;
        }

        var isUrgent = known.Written is not { } before || !status.WithoutCounts().Equals(before.WithoutCounts());
        if (isUrgent || known.WrittenAt + CountInterval <= now)
            _writes.Want(target, status, known.Permit);
    }

    private void Write()
    {
        foreach (var (target, status) in _writes.Begin(Now))
        {
            if (settings.Members.Find(target.Home)?.Federated is not { } sink)
            {
                // A manifest folder takes no status.
                OnWritten(new Written(target, status, new SinkResult(SinkOutcome.Gone, "")));
                continue;
            }

            Context.PipeToSelf(
                sink.WriteAsync(target.Ingress, status, Context.Stopping),
                result => new Written(target, status, result),
                failure => new Written(target, status, new SinkResult(SinkOutcome.Failed, failure.Message)));
        }
    }

    private void OnWritten(Written written)
    {
        var (target, status, result) = written;
        _writes.Done(target, status, result.Outcome, Now);
        if (settings.Members.Writes.Note(target.Home, "status of FederatedIngresses", target, result))
            LogFailed(settings.Logger, target.Ingress, target.Home, result.Message);
        if (result.Outcome is SinkOutcome.Forbidden or SinkOutcome.Failed || !_objects.TryGetValue(target.Ingress, out var known))
            return;
        (known.Written, known.WrittenAt) = (status, Now);
    }

    [LoggerMessage(1311, LogLevel.Warning, "FederatedIngress {Ingress} in {Member}: its status could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    [LoggerMessage(1312, LogLevel.Debug, "What the status of FederatedIngresses is made of could not be asked for: {Problem}")]
    private static partial void LogNoAnswer(ILogger logger, string problem);

    private readonly record struct Target(MemberName Home, ObjectKey Ingress);

    private sealed class Tracked
    {
        public required IngressVerdict Verdict { get; set; }

        public WritePermit Permit { get; set; }

        public TimeSpan LookAt { get; set; }

        public ProgrammedMarks Marks { get; } = new();

        public FederatedStatus? Written { get; set; }

        public TimeSpan WrittenAt { get; set; }
    }

    private sealed record Surveyed(ImmutableArray<KeyValuePair<ObjectKey, IngressVerdict>> Asked, SurveyAnswer? Answer, string? Problem);

    private sealed record Written(Target Target, FederatedStatus Status, SinkResult Result);

    private sealed record LookDue
    {
        public static readonly LookDue Instance = new();
    }
}
