using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// What one update of the table touched, with the value from before, so that what ends as it began makes no difference.
/// Made anew for each update: a reused dictionary keeps the size of the largest one, and clearing it would cost that.
/// </summary>
internal sealed class TableEdit
{
    private Dictionary<RouteKey, Route?>? _routes;
    private Dictionary<ObjectKey, Fragment.Backend?>? _backends;
    private Dictionary<string, Certificate?>? _certificates;
    private Dictionary<MemberName, MemberTraits?>? _members;
    private HashSet<ObjectKey>? _conflicts;

    public IEnumerable<ObjectKey> TouchedConflicts => (IEnumerable<ObjectKey>?)_conflicts ?? [];

    public void Touch(RouteKey key, Route? before) => (_routes ??= []).TryAdd(key, before);

    public void Touch(ObjectKey service, Fragment.Backend? before) => (_backends ??= []).TryAdd(service, before);

    public void Touch(string host, Certificate? before) => (_certificates ??= new(StringComparer.Ordinal)).TryAdd(host, before);

    public void Touch(MemberName member, MemberTraits? before) => (_members ??= []).TryAdd(member, before);

    public void TouchConflicts(ObjectKey ingress) => (_conflicts ??= []).Add(ingress);

    public ImmutableArray<KeyValuePair<RouteKey, Route?>> Routes(Func<RouteKey, Route?> current) => Changes(_routes, current, Comparer<RouteKey>.Default);

    public ImmutableArray<KeyValuePair<ObjectKey, Fragment.Backend?>> Backends(Func<ObjectKey, Fragment.Backend?> current) =>
        Changes(_backends, current, Comparer<ObjectKey>.Default);

    public ImmutableArray<KeyValuePair<string, Certificate?>> Certificates(Func<string, Certificate?> current) =>
        Changes(_certificates, current, StringComparer.Ordinal);

    public ImmutableArray<KeyValuePair<MemberName, MemberTraits?>> Members(Func<MemberName, MemberTraits?> current) =>
        Changes(_members, current, Comparer<MemberName>.Default);

    private static ImmutableArray<KeyValuePair<TKey, TValue?>> Changes<TKey, TValue>(
        Dictionary<TKey, TValue?>? touched, Func<TKey, TValue?> current, IComparer<TKey> order)
        where TKey : notnull
        where TValue : class
    {
        if (touched is null)
            return [];
        var changes = ImmutableArray.CreateBuilder<KeyValuePair<TKey, TValue?>>(touched.Count);
        foreach (var (key, before) in touched)
        {
            var after = current(key);
            if (!Equals(before, after))
                changes.Add(KeyValuePair.Create(key, after));
        }

        changes.Sort((left, right) => order.Compare(left.Key, right.Key));
        return changes.DrainToImmutable();
    }
}
