using System.Diagnostics.CodeAnalysis;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Policies;

/// <summary>The annotations of the copies of one object: of each the value of the first copy that has it counts.</summary>
/// <param name="of">Follows the name of an annotation where it is told; empty for those of the Ingress itself.</param>
internal sealed class RankedAnnotations(string of = "")
{
    private readonly SortedDictionary<string, Chosen> _chosen = new(StringComparer.Ordinal);
    private readonly List<string> _conflicts = [];

    public int Count => _chosen.Count;

    public IEnumerable<string> Names => _chosen.Keys;

    /// <summary>What copies say otherwise than the one that counts.</summary>
    public IReadOnlyList<string> Conflicts => _conflicts;

    public EquatableMap ToMap() => EquatableMap.From(_chosen.Select(static item => KeyValuePair.Create(item.Key, item.Value.Value)));

    /// <summary>To be called by rank.</summary>
    public void Add(MemberName member, string name, string value)
    {
        if (!_chosen.TryGetValue(name, out var chosen))
            _chosen.Add(name, new Chosen(member, value));
        else if (!string.Equals(chosen.Value, value, StringComparison.Ordinal))
            _conflicts.Add(
                $"annotation {name}{of} is {Shown.Quoted(chosen.Value)} as in {chosen.Member}, which ranks first; {member} says {Shown.Quoted(value)}, which is ignored");
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = _chosen.GetValueOrDefault(name)?.Value;
        return value is not null;
    }

    /// <summary>The annotation counts, with this value.</summary>
    public bool Counts(string name, string value) => TryGet(name, out var chosen) && string.Equals(chosen, value, StringComparison.Ordinal);

    private sealed record Chosen(MemberName Member, string Value);
}
