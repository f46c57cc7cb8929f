namespace MultiCluster.HAProxy.Data;

public enum RefusedKind
{
    /// <summary>By <see cref="Model.Routing.RouteKey"/>'s text.</summary>
    Route,

    /// <summary>By <see cref="Traffic.PlaceKey"/>'s text.</summary>
    Backend,

    /// <summary>By host.</summary>
    Certificate,

    /// <summary>A part of the policy of a route, by <see cref="Model.Routing.RouteKey"/>'s text, and of others with an equal one.</summary>
    Policy,

    /// <summary>That endpoints are checked; by <see cref="Traffic.PlaceKey"/>'s text.</summary>
    Check,

    /// <summary>That endpoints' certificates are verified; by <see cref="Traffic.PlaceKey"/>'s text.</summary>
    Authorities,
}

/// <summary>An item of the routing model that HAProxy is not given.</summary>
public readonly record struct RefusedItem(RefusedKind Kind, string Name);

/// <summary>
/// What was left out, and why. Federation reports such items to their owner first, so that in practice only a certificate
/// too long for the Runtime API shows up here.
/// </summary>
internal sealed class Refusals
{
    private readonly Dictionary<RefusedItem, string> _items = [];

    private readonly List<KeyValuePair<RefusedItem, string>> _news = [];

    public IReadOnlyDictionary<RefusedItem, string> Items => _items;

    /// <summary>What was added since the last call.</summary>
    public IReadOnlyList<KeyValuePair<RefusedItem, string>> TakeNews()
    {
        if (_news.Count == 0)
            return [];
        KeyValuePair<RefusedItem, string>[] news = [.. _news];
        _news.Clear();
        return news;
    }

    /// <param name="reason">Null when the item is fine, or gone.</param>
    public void Set(RefusedKind kind, string name, string? reason)
    {
        if (reason is not null)
            Add(new RefusedItem(kind, name), reason);
        else if (_items.Count > 0)
            _items.Remove(new RefusedItem(kind, name));
    }

    /// <summary>As above, for names that cost something to write.</summary>
    public void Set<T>(RefusedKind kind, T item, string? reason)
        where T : notnull
    {
        if (reason is not null || _items.Count > 0)
            Set(kind, item.ToString() ?? "", reason);
    }

    private void Add(RefusedItem item, string reason)
    {
        if (!_items.TryGetValue(item, out var known) || !string.Equals(known, reason, StringComparison.Ordinal))
            _news.Add(KeyValuePair.Create(item, reason));
        _items[item] = reason;
    }
}
