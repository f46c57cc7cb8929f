using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>
/// The objects of one source as far as they are believed. A complete list that lacks more than half of the members, or all of them, is more likely a
/// restored etcd, a wrong server or a lost label than a wish: what it lacks is held until it comes back, is seen to be deleted, or an operator removes the members.
/// </summary>
/// <param name="members">The members that an object names.</param>
internal sealed class SourceObjects(string title, Func<Resource, IEnumerable<string>> members)
{
    private readonly Dictionary<ObjectKey, Resource> _objects = [];
    private readonly HashSet<ObjectKey> _held = [];

    public string Title => title;

    public IEnumerable<Resource> Objects => _objects.Values;

    /// <summary>Listed once, or failed once.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Listed once; or nobody wants to know.</summary>
    public bool IsListed { get; private set; }

    /// <summary>The server has answered once, be it that this must not be read.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Why it can't be read now; null when it can.</summary>
    public string? Failure { get; set; }

    public string? Held => _held.Count == 0
        ? null
        : $"the last list lacks {_held.Count} of {_objects.Count} ({string.Join(", ", _held.Order().Take(5))}{(_held.Count > 5 ? ", …" : "")}), which looks like a "
            + "loss: their members stay; create the objects again, or take each member out with \"mcctl member remove\"";

    public void Settle() => IsSettled = true;

    public void Answer() => IsAnswered = true;

    public void List(ImmutableArray<Resource> items)
    {
        IsSettled = IsListed = IsAnswered = true;
        var listed = items.ToDictionary(static item => item.Key);
        var before = _objects.Values.SelectMany(members).ToHashSet(StringComparer.Ordinal);
        var after = items.SelectMany(members).ToHashSet(StringComparer.Ordinal);
        var isLoss = before.Count(name => !after.Contains(name)) * 2 > before.Count;

        // What has been held stays so although the list is better now: a half of what was lost coming back says nothing of the other half.
        var lacking = _objects.Where(known => Lacks(listed, known.Key, known.Value)).Select(static known => known.Key).ToList();
        var held = lacking.Where(key => isLoss || _held.Contains(key)).ToHashSet();
        foreach (var key in lacking.Where(key => !held.Contains(key)))
            _objects.Remove(key);
        foreach (var (key, item) in listed.Where(entry => !held.Contains(entry.Key)))
            _objects[key] = item;
        _held.Clear();
        _held.UnionWith(held);
    }

    public void Set(Resource item)
    {
        _held.Remove(item.Key);
        _objects[item.Key] = item;
    }

    public void Remove(ObjectKey key)
    {
        _held.Remove(key);
        _objects.Remove(key);
    }

    /// <summary>It is missing, or names fewer members than before.</summary>
    private bool Lacks(Dictionary<ObjectKey, Resource> listed, ObjectKey key, Resource known) =>
        !listed.TryGetValue(key, out var now) || members(known).Except(members(now), StringComparer.Ordinal).Any();
}
