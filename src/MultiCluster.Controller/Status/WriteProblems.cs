using System.Collections.Immutable;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>
/// What can't be written to members from this node, for the log and for people who ask: each said once, until it works. From any
/// thread.
/// </summary>
public sealed class WriteProblems
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(MemberName Member, string What), Entry> _entries = [];

    /// <param name="what">Such as Events.</param>
    /// <param name="target">What was written to.</param>
    /// <returns>Whether this has to be said: it failed, and did not before.</returns>
    public bool Note(MemberName member, string what, object target, SinkResult result)
    {
        lock (_lock)
        {
            var known = _entries.TryGetValue((member, what), out var entry);
            if (result.Outcome is SinkOutcome.Done or SinkOutcome.Gone)
            {
                // With a right in some namespaces only, others go on failing.
                if (known && entry!.Target.Equals(target))
                    _entries.Remove((member, what));
                return false;
            }

            // A missing right is what people have to do something about; a member that does not answer shows elsewhere.
            var isShown = result.Outcome == SinkOutcome.Forbidden;
            if (known && entry!.IsShown && !isShown)
                return false;
            _entries[(member, what)] = new Entry(target, $"{what}: {result.Message}", isShown);
            return !known || entry!.IsShown != isShown;
        }
    }

    /// <summary>Rights that are missing in that member.</summary>
    public ImmutableArray<string> Of(MemberName member)
    {
        lock (_lock)
            return [.. _entries.Where(item => item.Key.Member == member && item.Value.IsShown).Select(static item => item.Value.Text).Order(StringComparer.Ordinal)];
    }

    private sealed record Entry(object Target, string Text, bool IsShown);
}
