using System.Collections.Immutable;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// Whether a member's API server still has what it had. In an etcd that was restored empty nothing has the uid that it had, not even
/// what servers and controllers make anew under the same names. So each kind's oldest object, as of when the trouble began, is a proof for
/// all kinds: where a list shows it, what other lists lack has been deleted.
/// </summary>
internal sealed class ServerMemory
{
    private readonly Dictionary<ResourceKind, Evidence> _outages = [];
    private Evidence? _doubt;

    /// <summary>The kind can't be read. What it has proven is proven no more: the server that comes back may be another.</summary>
    /// <param name="oldest">Uids, by kind.</param>
    public void Lose(ResourceKind kind, Func<ImmutableDictionary<ResourceKind, string>> oldest)
    {
        foreach (var outage in _outages.Values)
            outage.Shown.Remove(kind);
        if (!_outages.TryGetValue(kind, out var last) || last.IsOver)
            _outages[kind] = new Evidence(_doubt?.Oldest ?? oldest());
    }

    /// <summary>
    /// The kind can be read again, or seems so: a server opens a watch also where it forgot what came before, and then asks for a list. What the outage
    /// has shown is kept for that one list.
    /// </summary>
    public void Find(ResourceKind kind)
    {
        if (_outages.TryGetValue(kind, out var outage))
            outage.IsOver = true;
    }

    /// <summary>
    /// Whether a list of another kind has shown the proof since this one could be read last, and can be read since. What came before says
    /// nothing of the server that is there now; and of a kind that is listed anew without an outage, it is not known when it was well last.
    /// </summary>
    /// <param name="followsOutage">Nothing has been seen of the kind between its outage and this list.</param>
    public bool IsProvenFor(ResourceKind kind, bool followsOutage) => OutageOf(kind, followsOutage) is { Shown.Count: > 0 };

    /// <summary>A list of the kind has nothing of what was known. From here on what is known may be another server's, and proves nothing.</summary>
    public void Doubt(ResourceKind kind, bool followsOutage, Func<ImmutableDictionary<ResourceKind, string>> oldest)
    {
        _doubt ??= new Evidence(OutageOf(kind, followsOutage)?.Oldest ?? oldest());
        foreach (var outage in _outages.Values)
            outage.Shown.Clear();
    }

    /// <summary>Takes note of a list.</summary>
    /// <returns>Whether it ends all doubts.</returns>
    public bool Look(ResourceKind kind, ImmutableArray<Resource> items)
    {
        foreach (var (lost, outage) in _outages)
        {
            if (lost != kind && outage.IsIn(kind, items))
                outage.Shown.Add(kind);
        }

        if (_outages.TryGetValue(kind, out var own) && own.IsOver)
            _outages.Remove(kind);
        _doubt?.Listed.Add(kind);
        if (_doubt?.IsIn(kind, items) != true)
            return false;
        _doubt = null;
        return true;
    }

    /// <summary>There is a doubt, and each of the kinds has been listed since: nothing is known any more of what was there before it.</summary>
    public bool HasOutlivedDoubt(IEnumerable<ResourceKind> kinds) => _doubt is { } doubt && kinds.All(doubt.Listed.Contains);

    /// <summary>What is known now is believed: an operator says so, or nothing of before is left.</summary>
    public void Trust() => _doubt = null;

    private Evidence? OutageOf(ResourceKind kind, bool followsOutage) =>
        _outages.TryGetValue(kind, out var outage) && (followsOutage || !outage.IsOver) ? outage : null;

    private sealed record Evidence(ImmutableDictionary<ResourceKind, string> Oldest)
    {
        public HashSet<ResourceKind> Shown { get; } = [];

        /// <summary>A watch of the kind was opened; it has not been listed since.</summary>
        public bool IsOver { get; set; }

        public HashSet<ResourceKind> Listed { get; } = [];

        public bool IsIn(ResourceKind kind, ImmutableArray<Resource> items) =>
            Oldest.TryGetValue(kind, out var uid) && items.Any(item => item.Kind == kind && item.Meta.Uid == uid);
    }
}
