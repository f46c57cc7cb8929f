using System.Collections.Immutable;

namespace MultiCluster.Cluster.Delivery;

/// <summary>
/// Whether a shard's new owner may publish: only when each source has told everything or can't, so that what it publishes is not older
/// than what the last owner did. Pure.
/// </summary>
public sealed record RecoveryGate(ImmutableSortedDictionary<string, SourceStanding> Sources)
{
    /// <summary>Nothing waits.</summary>
    public bool IsOpen => Sources.Values.All(static standing => standing != SourceStanding.Waiting);

    /// <summary>Every source has told everything, so a key that none of them named does not exist.</summary>
    public bool IsDefinitive => Sources.Values.All(static standing => standing == SourceStanding.Complete);

    public IEnumerable<string> Waiting => Sources.Where(static source => source.Value == SourceStanding.Waiting).Select(static source => source.Key);

    public static RecoveryGate For(IEnumerable<string> sources) => new(
        sources.ToImmutableSortedDictionary(static source => source, static _ => SourceStanding.Waiting, StringComparer.Ordinal));

    public bool IsComplete(string source) => Sources.TryGetValue(source, out var standing) && standing == SourceStanding.Complete;

    public RecoveryGate Complete(string source) => new(Sources.SetItem(source, SourceStanding.Complete));

    /// <summary>What it told before in this session stays told.</summary>
    public RecoveryGate Unreachable(string source) => IsComplete(source) ? this : new(Sources.SetItem(source, SourceStanding.Unreachable));

    public RecoveryGate GiveUpWaiting() => new(Sources.ToImmutableSortedDictionary(
        static source => source.Key,
        static source => source.Value == SourceStanding.Waiting ? SourceStanding.Unreachable : source.Value,
        StringComparer.Ordinal));

    /// <summary>Other sources are configured now. One that is new does not hold up what runs.</summary>
    public RecoveryGate With(IReadOnlyCollection<string> sources, bool wait) => new(
        sources.ToImmutableSortedDictionary(
            static source => source,
            source => Sources.TryGetValue(source, out var standing) ? standing : wait ? SourceStanding.Waiting : SourceStanding.Unreachable,
            StringComparer.Ordinal));
}

public enum SourceStanding
{
    Waiting,
    Complete,

    /// <summary>Said so itself, or said nothing for too long.</summary>
    Unreachable,
}
