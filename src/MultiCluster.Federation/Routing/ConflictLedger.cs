using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

internal enum ConflictKind
{
    Path,
    DefaultBackend,
    Tls,

    /// <summary>How connections to the route's host are made.</summary>
    Connections,
}

/// <summary>What is contested: a route, or a host's certificate (then only the key's host counts).</summary>
internal readonly record struct ConflictSubject(ConflictKind Kind, RouteKey Key)
{
    /// <summary>Routes first, since they matter most.</summary>
    public static readonly Comparer<ConflictSubject> Order = Comparer<ConflictSubject>.Create(static (left, right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : left.Key.CompareTo(right.Key));

    public static ConflictSubject Of(RouteKey key) => new(key.Match == PathMatch.Default ? ConflictKind.DefaultBackend : ConflictKind.Path, key);

    public static ConflictSubject Connections(RouteKey key) => new(ConflictKind.Connections, key);

    public static ConflictSubject Certificate(string host) => new(ConflictKind.Tls, new RouteKey(host, "", PathMatch.Default));
}

/// <summary>The claims that each Ingress has lost to other Ingresses.</summary>
internal sealed class ConflictLedger
{
    private const string AnyFix = "change one of the two";

    private readonly Dictionary<ObjectKey, Entry> _entries = [];

    /// <param name="text">Null: not lost, or no claim any more.</param>
    /// <param name="fix">What would change it, should this be the first of its losses.</param>
    public void Set(ObjectKey ingress, ConflictSubject subject, string? text, TableEdit edit, string? fix = null)
    {
        if (!_entries.TryGetValue(ingress, out var entry))
        {
            if (text is null)
                return;
            _entries.Add(ingress, entry = new Entry());
        }

        edit.TouchConflicts(ingress);
        if (text is null)
            entry.Lost.Remove(subject);
        else
            entry.Lost[subject] = (text, fix ?? AnyFix);
    }

    /// <summary>The changes in what would be said of the ingresses touched.</summary>
    public IEnumerable<ConflictChanged> TakeChanges(TableEdit edit)
    {
        foreach (var ingress in edit.TouchedConflicts.Order())
        {
            var entry = _entries[ingress];
            var conditions = Describe(ingress, entry);
            if (entry.Lost.Count == 0)
                _entries.Remove(ingress);
            if (conditions == entry.Reported)
                continue;
            entry.Reported = conditions;
            yield return new ConflictChanged(ingress, conditions);
        }
    }

    public EquatableArray<Condition> Find(ObjectKey ingress) => _entries.TryGetValue(ingress, out var entry) ? entry.Reported : [];

    private static EquatableArray<Condition> Describe(ObjectKey ingress, Entry entry)
    {
        if (entry.Lost.Count == 0)
            return [];
        string[] details = [.. entry.Lost.Values.Select(static loss => loss.Text)];
        return
        [
            new Condition(
                ConditionType.Conflict,
                true,
                ReasonOf(entry.Lost.First().Key.Kind),
                $"Ingress {Shown.Key(ingress)}: {Listing.Join(details)}; {entry.Lost.First().Value.Fix}")
            {
                Details = details.ToEquatableArray(),
            },
        ];
    }

    private static string ReasonOf(ConflictKind kind) => kind switch
    {
        ConflictKind.Path => Reasons.PathConflict,
        ConflictKind.DefaultBackend => Reasons.DefaultBackendConflict,
        ConflictKind.Tls or ConflictKind.Connections => Reasons.TlsConflict,
        _ => throw new InvalidOperationException($"Unknown kind of conflict {kind}."),
    };

    private sealed class Entry
    {
        public SortedDictionary<ConflictSubject, (string Text, string Fix)> Lost { get; } = new(ConflictSubject.Order);

        public EquatableArray<Condition> Reported { get; set; } = [];
    }
}
