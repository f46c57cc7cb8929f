using System.Collections.Immutable;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>
/// What an ingress needs to know of members besides their copies. Most need nothing: then a member that is labelled, or that can't be
/// read, concerns none of them, and thousands need not be looked at again.
/// </summary>
/// <param name="configured">What the configuration says for all Ingresses.</param>
internal sealed class MemberKnowledge(TimeProvider time, IngressDefaults configured)
{
    /// <summary>Of annotations that say something of members.</summary>
    private const string Prefix = "multicluster-ingress.github.io/";

    /// <summary>By our own clock, from when we heard of it: the time of another machine says nothing here.</summary>
    private readonly Dictionary<MemberName, long> _staleSince = [];

    private ImmutableSortedDictionary<MemberName, MemberTraits> _members = ImmutableSortedDictionary<MemberName, MemberTraits>.Empty;

    private IngressDefaults? _defaults;
    private EquatableMap _settings = EquatableMap.Empty;

    /// <returns>Whether it may make a difference to an ingress with these copies.</returns>
    public bool Take(ImmutableSortedDictionary<MemberName, MemberTraits> members, EquatableArray<IngressCopy> copies)
    {
        var before = _members;
        _members = members;
        var settings = IngressDefaults.SettingsOf(members);
        var hasOthers = !settings.Equals(_settings);
        if (hasOthers)
            (_settings, _defaults) = (settings, configured.With(settings));
        foreach (var (member, traits) in members)
        {
            if (traits.IsStale)
                _staleSince.TryAdd(member, time.GetTimestamp());
            else
                _staleSince.Remove(member);
        }

        foreach (var gone in _staleSince.Keys.Where(member => !members.ContainsKey(member)).ToList())
            _staleSince.Remove(gone);
        return hasOthers || (CountsMembers(copies) && !SameNames(before, members)) || (CountsStaleness(copies) && !SameStaleness(before, members));
    }

    public FederationContext For(EquatableArray<IngressCopy> copies, FederationMode mode)
    {
        if (!CountsMembers(copies))
            return FederationContext.Default with { Mode = mode, Defaults = _defaults ?? configured };
        return new FederationContext
        {
            Mode = mode,
            Defaults = _defaults ?? configured,
            Members = _members,
            Stale = !CountsStaleness(copies) ? FederationContext.Default.Stale : _staleSince.ToDictionary(
                static item => item.Key, item => new StaleMember(_members[item.Key].StaleReason, time.GetElapsedTime(item.Value))),
        };
    }

    private static bool CountsMembers(EquatableArray<IngressCopy> copies)
    {
        foreach (var copy in copies)
        {
            if (copy.Federated is not null)
                return true;
            foreach (var (key, _) in copy.Ingress.Meta.Annotations)
            {
                if (key.StartsWith(Prefix, StringComparison.Ordinal))
                    return true;
            }
        }

        return false;
    }

    private static bool CountsStaleness(EquatableArray<IngressCopy> copies) => copies.Any(static copy =>
        copy.Federated?.Staleness is not null
        || copy.Ingress.Meta.Annotations.ContainsKey(Prefix + "stale-ttl"));

    private static bool SameNames(ImmutableSortedDictionary<MemberName, MemberTraits> left, ImmutableSortedDictionary<MemberName, MemberTraits> right) =>
        left.Count == right.Count && left.Zip(right).All(static pair =>
            pair.First.Key == pair.Second.Key && pair.First.Value.Labels.Equals(pair.Second.Value.Labels) && pair.First.Value.IsRemoved == pair.Second.Value.IsRemoved);

    private static bool SameStaleness(ImmutableSortedDictionary<MemberName, MemberTraits> left, ImmutableSortedDictionary<MemberName, MemberTraits> right) =>
        left.Where(static item => item.Value.IsStale).Select(static item => (item.Key, item.Value.StaleReason))
            .SequenceEqual(right.Where(static item => item.Value.IsStale).Select(static item => (item.Key, item.Value.StaleReason)));
}
