using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Planning;

/// <param name="Reply">What HAProxy said instead of a confirmation.</param>
public sealed record Refusal(RuntimeCommand Command, string Reply);

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

    public DesiredData Desired { get; } = desired;

    public ActualData Actual { get; private set; } = new();

    public bool HasPending => !_pending.IsEmpty;

    /// <summary>While true nothing that HAProxy holds is changed or removed: not all members have been read yet.</summary>
    public bool AdditionsOnly { get; private set; }

    /// <summary>A reload is due: a backend with endpoints has no place in the running HAProxy.</summary>
    public bool NeedsPool => Desired.WithoutSlot.Count > 0;

    public void Apply(RoutingDelta delta) => _pending.Add(Desired.Apply(delta));

    public void GrowPool() => _pending.Add(Desired.GrowPool());

    /// <summary>Takes what was read from HAProxy as the truth; everything on both sides is compared next.</summary>
    public void Adopt(ActualData actual)
    {
        Actual = actual;
        TouchAll();
    }

    public void HoldRemovals(bool hold)
    {
        if (AdditionsOnly && !hold)
            TouchAll();
        AdditionsOnly = hold;
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
                _ => throw new ArgumentOutOfRangeException(nameof(subjects)),
            };
        }
    }

    public Plan Next()
    {
        if (_pending.IsEmpty)
            return Plan.Empty;
        var plan = planner.Plan(Desired, Actual, _pending, AdditionsOnly);
        Reclaim(_pending.Backends);
        _pending.Clear();
        return plan;
    }

    public Settlement Settle(Plan plan, IReadOnlyList<string> replies)
    {
        var later = new HashSet<Subject>();
        var doubts = ImmutableArray.CreateBuilder<Refusal>();
        for (var i = 0; i < plan.Commands.Length; i++)
        {
            var (command, effect, subject) = plan.Commands[i];
            switch (ReplyJudge.Judge(command, replies[i]))
            {
                case Verdict.Done:
                    effect.ApplyTo(Actual);
                    if (effect is Effect.ServerDeleted or Effect.BackendDeleted)
                        Reclaim([subject.Name]);
                    break;
                case Verdict.Later:
                    later.Add(subject);
                    break;
                case Verdict.Doubt:
                    doubts.Add(new Refusal(command, replies[i]));
                    break;
                default:
                    throw new InvalidOperationException("a verdict without a rule");
            }
        }

        return new Settlement([.. later], doubts.DrainToImmutable());
    }

    private void TouchAll()
    {
        _pending.Add(Desired.TouchAll());
        _pending.Add(Actual.TouchAll());
    }

    /// <summary>Gives back the names of backends that nobody wants and that HAProxy holds no server of.</summary>
    private void Reclaim(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var isSlot = BackendPool.SlotIndex(name) is not null;
            if (Desired.Find(name) is null && Actual.Servers(name).Count == 0 && (isSlot || !Actual.HasBackend(name)))
                Desired.Pool.Release(name);
        }
    }
}
