using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Planning;

/// <param name="Reply">What HAProxy said instead of a confirmation.</param>
/// <param name="IsKnown">The subject has been refused before for long.</param>
public sealed record Refusal(RuntimeCommand Command, string Reply, bool IsKnown);

/// <param name="Later">To be tried again after a pause: connections remain.</param>
/// <param name="Doubts">Not empty: what HAProxy holds must be read again.</param>
public sealed record Settlement(ImmutableArray<Subject> Later, ImmutableArray<Refusal> Doubts);

/// <summary>
/// Brings one HAProxy to what it should hold. Holds both sides and what may differ; does no I/O, so whoever drives it sends
/// <see cref="Next"/>'s commands and hands the replies to <see cref="Settle"/>, one plan at a time.
/// </summary>
public sealed class Reconciler(DesiredData desired, Planner planner)
{
    private readonly Touched _pending = new();

    /// <summary>Names that nobody wants any more, to be given back once HAProxy holds nothing under them.</summary>
    private readonly HashSet<string> _retiring = new(StringComparer.Ordinal);
    private readonly RefusalBook _refusals = new();
    private bool _isCompared;
    private bool _isAdopted;
    private bool _mayResume = true;

    public DesiredData Desired { get; } = desired;

    public ActualData Actual { get; private set; } = new();

    public bool HasPending => !_pending.IsEmpty;

    /// <summary>
    /// While there is one, nothing is removed that a member may want of which nothing is known, nor changed but for routes without an
    /// endpoint that get one.
    /// </summary>
    public RemovalHold? Hold { get; private set; }

    /// <summary>HAProxy has nothing besides what it should have, so that a start file of that says no less than the last one.</summary>
    public bool HoldsNothingBack => _isCompared && !HasPending && !planner.HoldsBack;

    /// <summary>A reload is due: a backend with endpoints has no place in the running HAProxy.</summary>
    public bool NeedsPool => Desired.WaitsForSlot || planner.HasHomeless;

    /// <summary>Subjects that HAProxy keeps refusing, or that there is no command for.</summary>
    public IEnumerable<RefusedSubject> Refused => _refusals.Known;

    /// <summary>Files that HAProxy has not taken; a start file with them might be refused whole.</summary>
    public IReadOnlySet<string> RefusedCertificates => _refusals.Certificates;

    /// <summary>To be told to people, each once.</summary>
    public IReadOnlyList<RefusedSubject> TakeNewRefusals() => _refusals.TakeNews();

    public void Apply(RoutingDelta delta)
    {
        var touched = Desired.Apply(delta);
        Resume(touched);
        if (!_refusals.IsEmpty)
            _refusals.AcceptWhere(subject => Holds(touched, subject));
        _pending.Add(touched);
    }

    /// <inheritdoc cref="DesiredData.LeaveOut"/>
    public void LeaveOut(IReadOnlyDictionary<int, string> ports) => _pending.Add(Desired.LeaveOut(ports));

    /// <summary>Gives what was refused another chance.</summary>
    public void Forgive() => _refusals.Forgive();

    /// <param name="atLeast">Slots of each profile that the coming reload brings anyway.</param>
    public void GrowPool(Func<BackendProfile, int>? atLeast = null) => _pending.Add(Desired.GrowPool(atLeast));

    /// <inheritdoc cref="DesiredData.TakeHealth"/>
    public void TakeHealth(IReadOnlyDictionary<string, IReadOnlySet<string>> down) => _pending.Add(Desired.TakeHealth(down));

    /// <inheritdoc cref="DesiredData.ForgetPolicies"/>
    public void ForgetPolicies()
    {
        if (Desired.HasResting)
            _pending.Add(Desired.ForgetPolicies());
    }

    /// <summary>Takes what was read from HAProxy as the truth; everything on both sides is compared next.</summary>
    public void Adopt(ActualData actual)
    {
        Actual = actual;
        _isAdopted = true;
        _isCompared = false;
        planner.Forget(Desired, actual);
        _retiring.Clear();
        _refusals.ForgetForeign();
        var slots = actual.CountSlots();
        _pending.Add(Desired.UseSlots(profile => slots.GetValueOrDefault(profile)));
        // Before anything is divided anew: what HAProxy knows to be down must not get a share for a moment.
        _pending.Add(Desired.TakeHealth(actual.Down(actual.Backends)));
        Resume(_pending);
        TouchAll();
    }

    /// <summary>Once, as soon as both sides are known.</summary>
    private void Resume(Touched touched)
    {
        if (!_mayResume || !_isAdopted || Desired.Steers.Count == 0)
            return;
        _mayResume = false;
        touched.Add(Desired.ResumeComebacks(Actual.Map(MapName.Shares)));
    }

    /// <param name="hold">Null: everything has been read.</param>
    public void HoldRemovals(RemovalHold? hold)
    {
        if (Hold is not null && Hold != hold)
            TouchAll();
        Hold = hold;
    }

    public void Touch(IEnumerable<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            _ = subject.Kind switch
            {
                SubjectKind.Map => _pending.Maps.Add(subject.Entry),
                SubjectKind.Backend => _pending.Backends.Add(subject.Name),
                SubjectKind.Certificate => _pending.Certificates.Add(subject.Name),
                SubjectKind.Foreign => false,
                _ => throw new ArgumentOutOfRangeException(nameof(subjects)),
            };
        }
    }

    public Plan Next()
    {
        if (!_refusals.IsEmpty)
        {
            foreach (var subject in _refusals.GivenUp)
                Drop(subject);
        }

        while (!_pending.IsEmpty)
        {
            var plan = planner.Plan(Desired, Actual, _pending, Hold, _refusals.Certificates);
            Note(plan);
            if (Hold is null)
                _retiring.UnionWith(_pending.Backends.Where(name => Desired.Find(name) is null));
            _pending.Clear();
            _isCompared = true;
            if (!plan.IsEmpty)
                return plan;
            Reclaim();
        }

        return Plan.Empty;
    }

    /// <param name="replies">Of each command of <paramref name="plan"/>; null for one that was not sent.</param>
    /// <param name="notSent">Subjects with a command that can't be sent, none of whose commands was.</param>
    public Settlement Settle(Plan plan, IReadOnlyList<string?> replies, IReadOnlyList<RefusedSubject>? notSent = null)
    {
        var later = new HashSet<Subject>();
        var refused = new Dictionary<Subject, string>();
        var doubts = ImmutableArray.CreateBuilder<Refusal>();
        for (var i = 0; i < plan.Commands.Length; i++)
        {
            if (replies[i] is not { } reply)
                continue;
            var (command, effect, subject) = plan.Commands[i];
            switch (ReplyJudge.Judge(command, reply))
            {
                case Verdict.Done:
                    effect.ApplyTo(Actual);
                    Follow(effect);
                    break;
                case Verdict.Later:
                    later.Add(subject);
                    break;
                case Verdict.Doubt:
                    // The first one is the cause of those behind it.
                    refused.TryAdd(subject, $"HAProxy refuses \"{command.Line}\": {reply.Trim()}");
                    doubts.Add(new Refusal(command, reply, _refusals.IsKnown(subject)));
                    break;
                default:
                    throw new InvalidOperationException("a verdict without a rule");
            }
        }

        _pending.Backends.UnionWith(plan.Deferred);
        Count(plan, refused, notSent ?? []);
        if (doubts.Count == 0)
            Reclaim();
        return new Settlement([.. later], doubts.DrainToImmutable());
    }

    /// <summary>
    /// What may be half of a change: of a deleted server the name is wanted again, or its backend goes with it; a route was
    /// diverted.
    /// </summary>
    private void Follow(Effect effect)
    {
        if (effect is Effect.ServerDeleted(var backend, var server))
        {
            var wanted = Desired.Find(backend);
            if (wanted is null ? Actual.Servers(backend).Count == 0 : wanted.Servers.ContainsKey(server))
                _pending.Backends.Add(backend);
        }
        else if (effect is Effect.MapSet(var entry, var value)
            && !string.Equals(Desired.Map(entry.Map).GetValueOrDefault(entry.Key), value, StringComparison.Ordinal))
        {
            _pending.Maps.Add(entry);
        }
    }

    /// <summary>One attempt is one refusal, however many commands it took.</summary>
    private void Count(Plan plan, Dictionary<Subject, string> refused, IReadOnlyList<RefusedSubject> notSent)
    {
        if (!_refusals.IsEmpty)
        {
            var open = notSent.Select(static item => item.Subject).Concat(refused.Keys).ToHashSet();
            foreach (var planned in plan.Commands.Where(planned => !open.Contains(planned.Subject)))
                _refusals.Accepted(planned.Subject);
        }

        foreach (var (subject, reason) in refused)
            _refusals.Refused(subject, reason);
        foreach (var (subject, reason) in notSent)
            _refusals.NotSent(subject, reason);
    }

    /// <summary>Before the pending items are cleared: one that needs no command any more is as it should be.</summary>
    private void Note(Plan plan)
    {
        if (!_refusals.IsEmpty)
        {
            var open = plan.Commands.Select(static command => command.Subject).Concat(plan.Inexpressible.Select(static item => item.Subject)).ToHashSet();
            _refusals.AcceptWhere(subject => Holds(_pending, subject) && !open.Contains(subject));
        }

        foreach (var (subject, reason) in plan.Inexpressible)
            _refusals.NotSent(subject, reason);
    }

    private static bool Holds(Touched touched, Subject subject) => subject.Kind switch
    {
        SubjectKind.Map => touched.Maps.Contains(subject.Entry),
        SubjectKind.Backend => touched.Backends.Contains(subject.Name),
        SubjectKind.Certificate => touched.Certificates.Contains(subject.Name),
        _ => false,
    };

    private void Drop(Subject subject)
    {
        _ = subject.Kind switch
        {
            SubjectKind.Map => _pending.Maps.Remove(subject.Entry),
            SubjectKind.Backend => _pending.Backends.Remove(subject.Name),
            SubjectKind.Certificate => _pending.Certificates.Remove(subject.Name),
            _ => false,
        };
    }

    private void TouchAll()
    {
        _pending.Add(Desired.TouchAll());
        _pending.Add(Actual.TouchAll());
        _pending.Backends.UnionWith(Desired.Pool.Names);
    }

    /// <summary>
    /// Gives back the names that nobody wants and that HAProxy holds no server of. Not before the plan that moved their routes
    /// away was confirmed, or the next owner would get the requests of the last.
    /// </summary>
    private void Reclaim()
    {
        if (_retiring.Count == 0)
            return;
        _retiring.RemoveWhere(name => Desired.Find(name) is not null);
        foreach (var name in _retiring.Where(IsGone).ToArray())
        {
            _retiring.Remove(name);
            _pending.Add(Desired.Release(name));
        }
    }

    private bool IsGone(string name) =>
        Actual.Servers(name).Count == 0
        && (BackendPool.IsSlot(name) || !Actual.HasBackend(name))
        && !planner.IsPinned(name);
}
