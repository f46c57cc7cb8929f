using System.Collections.Immutable;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Members;

/// <summary>
/// The members that this node knows how to read, and those that have been taken out for good. Written by <see cref="MemberDirectory"/>,
/// read by everybody.
/// </summary>
public sealed class MemberRegistry : IDisposable
{
    private volatile State _state;

    public MemberRegistry(IEnumerable<MemberRegistration> members) => _state = State.Of(
        members.ToImmutableSortedDictionary(static member => member.Name, static member => member), ImmutableSortedDictionary<MemberName, MemberTraits>.Empty);

    /// <summary>What this node can't write to them.</summary>
    public WriteProblems Writes { get; } = new();

    public ImmutableSortedDictionary<MemberName, MemberRegistration> Members => _state.Members;

    /// <summary>Keys of their watchers.</summary>
    public ImmutableArray<string> Sources => _state.Sources;

    /// <summary>Keys of watchers of members that have been taken out and not been registered anew.</summary>
    public ImmutableArray<string> RemovedSources => _state.Removed;

    public MemberRegistration? Find(MemberName name) => _state.Members.GetValueOrDefault(name);

    public void Set(MemberRegistration member) => _state = State.Of(_state.Members.SetItem(member.Name, member), _state.Traits);

    /// <returns>Whether there was one.</returns>
    public bool Unset(MemberName name)
    {
        var had = _state.Members.ContainsKey(name);
        _state = State.Of(_state.Members.Remove(name), _state.Traits);
        return had;
    }

    /// <returns>Whether <see cref="RemovedSources"/> or <see cref="Sources"/> are others now.</returns>
    public bool Take(ImmutableSortedDictionary<MemberName, MemberTraits> traits)
    {
        var before = _state;
        _state = State.Of(before.Members, traits);
        return !before.Removed.SequenceEqual(_state.Removed) || !before.Sources.SequenceEqual(_state.Sources);
    }

    /// <summary>Ends what sources keep beside their runs, such as connections to write with.</summary>
    public void Dispose()
    {
        foreach (var member in _state.Members.Values)
            (member.Source as IDisposable)?.Dispose();
    }

    private sealed record State(
        ImmutableSortedDictionary<MemberName, MemberRegistration> Members,
        ImmutableSortedDictionary<MemberName, MemberTraits> Traits,
        ImmutableArray<string> Sources,
        ImmutableArray<string> Removed)
    {
        public static State Of(ImmutableSortedDictionary<MemberName, MemberRegistration> members, ImmutableSortedDictionary<MemberName, MemberTraits> traits)
        {
            var removed = traits.Where(item => item.Value.IsRemoved && IsMeant(members.GetValueOrDefault(item.Key), item.Value)).Select(static item => item.Key).ToHashSet();
            return new State(
                members,
                traits,
                [.. members.Keys.Where(name => !removed.Contains(name)).Select(MemberKeys.Of)],
                [.. removed.Order().Select(MemberKeys.Of)]);
        }

        private static bool IsMeant(MemberRegistration? member, MemberTraits removed) =>
            member is null || string.Equals(member.Origin, removed.Origin, StringComparison.Ordinal);
    }
}
