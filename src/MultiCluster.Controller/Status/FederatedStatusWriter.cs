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
public sealed partial class FederatedStatusWriter(FederatedStatusSettings settings)
    : PacedWriter<StatusTarget, FederatedStatus>(
        new WritePace(TimeSpan.FromSeconds(5), PerMember: 4), settings.Members.Writes, "status of FederatedIngresses", static target => target.Member)
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>For numbers of endpoints, which may change all the time.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectKey, Tracked> _objects = [];
    private Dictionary<MemberName, DateTimeOffset> _staleSince = [];
    private bool _isAsking;

    protected override void Handle(object message)
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
            case Surveyed surveyed:
                OnSurveyed(surveyed);
                break;
            default:
                Unhandled(message);
                break;
        }
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
        Drop(new StatusTarget(known.Verdict.Federated!.Home, ingress), known.Permit);
    }

    protected override void OnTick()
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
        var target = new StatusTarget(known.Verdict.Federated!.Home, ingress);
        if (status.Equals(known.Written))
        {
            Drop(target);
            return;
        }

        var isUrgent = known.Written is not { } before || !status.WithoutCounts().Equals(before.WithoutCounts());
        if (isUrgent || known.WrittenAt + CountInterval <= now)
            Want(target, status, known.Permit);
    }

    protected override MemberName TakerOf(StatusTarget key) => key.Member;

    protected override Task<SinkResult> WriteAsync(StatusTarget key, FederatedStatus what) =>
        settings.Members.Find(key.Member)?.Federated?.WriteAsync(key.Ingress, what, Context.Stopping) ?? NoTaker;

    protected override void OnWritten(StatusTarget key, FederatedStatus what, bool isDone)
    {
        if (_objects.TryGetValue(key.Ingress, out var known))
            (known.Written, known.WrittenAt) = (what, Now);
    }

    protected override void LogFailed(StatusTarget key, MemberName member, string problem) => LogFailed(settings.Logger, key.Ingress, member, problem);

    [LoggerMessage(1343, LogLevel.Warning, "FederatedIngress {Ingress} in {Member}: its status could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    [LoggerMessage(1344, LogLevel.Debug, "What the status of FederatedIngresses is made of could not be asked for: {Problem}")]
    private static partial void LogNoAnswer(ILogger logger, string problem);

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
}
