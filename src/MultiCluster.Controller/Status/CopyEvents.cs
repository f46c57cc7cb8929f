using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>What an event is about: one type of condition of an ingress' copy in one member.</summary>
public readonly record struct EventSubject(MemberName Member, ObjectKey Ingress, ConditionType Type);

/// <summary>
/// Which Events the conditions of one ingress' copies call for: a warning when something bad appears or changes, one that is none when it
/// is over. Bad things that an owner before had said are not said again. Pure.
/// </summary>
internal sealed class CopyEvents
{
    private readonly Dictionary<EventSubject, ObjectEvent> _said = [];
    private Dictionary<EventSubject, ObjectEvent> _now = [];
    private readonly Dictionary<EventSubject, ObjectEvent> _over = [];
    private IngressVerdict? _verdict;

    /// <summary>Nothing is wrong, and nobody believes so.</summary>
    public bool IsQuiet => _now.Count == 0 && _said.Count == 0;

    /// <summary>What an owner before has said.</summary>
    public void Recall(IngressVerdict before)
    {
        foreach (var (subject, warning) in Warnings(before))
            _said[subject] = warning;
    }

    /// <param name="verdict">Null: no member has the ingress any more.</param>
    public void Take(IngressVerdict? verdict)
    {
        _verdict = verdict;
        _now = verdict is null ? [] : Warnings(verdict);
        _over.Clear();
        foreach (var (subject, warning) in _said.ToList())
            LookForEnd(subject, warning);
    }

    /// <summary>What has to be said now; the same until <see cref="Said"/>.</summary>
    public IEnumerable<(EventSubject Subject, ObjectEvent Event)> Due()
    {
        foreach (var (subject, warning) in _now)
        {
            if (!_said.TryGetValue(subject, out var said) || said != warning)
                yield return (subject, warning);
        }

        foreach (var (subject, over) in _over)
            yield return (subject, over);
    }

    public void Said(EventSubject subject, ObjectEvent what)
    {
        if (what.IsWarning)
        {
            // What was said may be over since it was on its way.
            _said[subject] = what;
            LookForEnd(subject, what);
            return;
        }

        _over.Remove(subject);
        if (!_now.ContainsKey(subject))
            _said.Remove(subject);
    }

    private void LookForEnd(EventSubject subject, ObjectEvent warning)
    {
        if (_now.ContainsKey(subject) || _verdict?.Objects.Any(item => item.Member == subject.Member && !item.IsHeard) == true)
            return;
        if (_verdict is not null && OverOf(subject, warning, _verdict) is { } over)
            _over[subject] = over;
        else
            _said.Remove(subject);
    }

    private static Dictionary<EventSubject, ObjectEvent> Warnings(IngressVerdict verdict)
    {
        var warnings = new Dictionary<EventSubject, ObjectEvent>();
        foreach (var (member, condition) in verdict.Conditions)
        {
            if (IngressVerdict.IsBad(condition) && ObjectOf(member, verdict) is { } copy)
                warnings[new EventSubject(member, verdict.Ingress, condition.Type)] = Say(copy, verdict.Ingress, isWarning: true, condition.Reason, condition.Message);
        }

        return warnings;
    }

    private static ObjectEvent? OverOf(EventSubject subject, ObjectEvent warning, IngressVerdict verdict)
    {
        if (verdict.Objects.FirstOrDefault(item => item.Member == subject.Member) is not { } copy || copy.Kind != warning.Kind || copy.Uid != warning.Uid)
            return null;
        var now = verdict.Conditions.FirstOrDefault(item => item.Member == subject.Member && item.Condition.Type == subject.Type)?.Condition;
        return Say(
            copy, verdict.Ingress, isWarning: false, now?.Reason ?? warning.Reason,
            now?.Message ?? $"{subject.Member}: {copy.Kind} {verdict.Ingress}: {subject.Type} ({warning.Reason}) is over");
    }

    /// <summary>One whose class is another controller's concerns us only where it is a copy of one that we serve.</summary>
    private static JudgedObject? ObjectOf(MemberName member, IngressVerdict verdict) =>
        verdict.Objects.FirstOrDefault(item => item.Member == member) is { IsHeard: true } copy && (copy.IsOurs || !verdict.Fragment.AcceptedMembers.IsEmpty) ? copy : null;

    private static ObjectEvent Say(JudgedObject copy, ObjectKey ingress, bool isWarning, string reason, string message) =>
        new(copy.Kind, ingress, copy.Uid, isWarning, reason, message);
}
