using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Records;

/// <summary>What an owner decided, from what it published before and publishes now. Pure.</summary>
public static class DecisionDiff
{
    /// <param name="before">Null: nothing.</param>
    /// <param name="after">Null: nothing any more.</param>
    public static ImmutableArray<Decision> Between(Fragment? before, Fragment? after, Cause cause)
    {
        if (after is null)
            return before is null ? [] : [new Decision.EntityGone(cause)];
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        switch (after)
        {
            case Fragment.Ingress ingress:
                Add(before as Fragment.Ingress, ingress, cause, decisions);
                break;
            case Fragment.Backend backend:
                Add(before as Fragment.Backend, backend, cause, decisions);
                break;
            case Fragment.Member member when !member.Equals(before):
                decisions.Add(new Decision.MemberChanged(cause, member.Name, member.Traits));
                break;
        }

        return decisions.DrainToImmutable();
    }

    /// <summary>Conflicts are told apart by reason, of which an ingress has each at most once.</summary>
    public static ImmutableArray<Decision> Between(EquatableArray<Condition> before, EquatableArray<Condition> after, Cause cause)
    {
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        foreach (var conflict in before)
        {
            if (!after.Any(other => string.Equals(other.Reason, conflict.Reason, StringComparison.Ordinal)))
                decisions.Add(new Decision.ConflictCleared(cause, conflict.Reason));
        }

        foreach (var conflict in after)
        {
            if (!before.Contains(conflict))
                decisions.Add(new Decision.ConflictRaised(cause, conflict));
        }

        return decisions.DrainToImmutable();
    }

    private static void Add(Fragment.Ingress? before, Fragment.Ingress after, Cause cause, ImmutableArray<Decision>.Builder decisions)
    {
        Compare(
            Index(before?.Routes ?? [], static claim => claim.Key),
            Index(after.Routes, static claim => claim.Key),
            (key, claim) => claim is null ? new Decision.RouteRemoved(cause, key) : new Decision.RouteAdded(cause, claim),
            decisions);
        Compare(
            Index((before?.Certificates ?? []).Select(Facts), static facts => facts.Host),
            Index(after.Certificates.Select(Facts), static facts => facts.Host),
            (host, facts) => new Decision.CertificateChanged(cause, host, facts?.Facts),
            decisions);
        if (before?.Traffic != after.Traffic)
            decisions.Add(new Decision.TrafficChanged(cause, after.Traffic));
        if (before is null || before.AcceptedMembers != after.AcceptedMembers || before.Conditions != after.Conditions)
            decisions.Add(new Decision.ConditionsChanged(cause, after.AcceptedMembers, after.Conditions));
    }

    private static void Add(Fragment.Backend? before, Fragment.Backend after, Cause cause, ImmutableArray<Decision>.Builder decisions)
    {
        Compare(
            Index(before?.Members ?? [], static member => member.Member),
            Index(after.Members, static member => member.Member),
            (member, backend) => new Decision.BackendChanged(cause, member, backend),
            decisions);
        if (before is null || before.Conditions != after.Conditions)
            decisions.Add(new Decision.ConditionsChanged(cause, EquatableArray<MemberName>.Empty, after.Conditions));
    }

    private static HostFacts Facts(TlsClaim claim) => new(claim.Host, CertificateFacts.Of(claim));

    private static Dictionary<TKey, TValue> Index<TKey, TValue>(IEnumerable<TValue> items, Func<TValue, TKey> key)
        where TKey : notnull
    {
        var index = new Dictionary<TKey, TValue>();
        foreach (var item in items)
            index[key(item)] = item;
        return index;
    }

    private static void Compare<TKey, TValue>(
        Dictionary<TKey, TValue> before, Dictionary<TKey, TValue> after, Func<TKey, TValue?, Decision> decide, ImmutableArray<Decision>.Builder decisions)
        where TKey : notnull
        where TValue : class
    {
        foreach (var (key, _) in before)
        {
            if (!after.ContainsKey(key))
                decisions.Add(decide(key, null));
        }

        foreach (var (key, value) in after)
        {
            if (!before.TryGetValue(key, out var known) || !known.Equals(value))
                decisions.Add(decide(key, value));
        }
    }

    private sealed record HostFacts(string Host, CertificateFacts Facts);
}
