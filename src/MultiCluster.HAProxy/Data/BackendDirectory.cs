using System.Collections.Concurrent;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>Whose HAProxy's backends are, for whoever reads HAProxy while a <see cref="BackendPool"/> is at work: safe to ask from any thread.</summary>
public sealed class BackendDirectory
{
    private readonly ConcurrentDictionary<string, Holding> _holdings = new(StringComparer.Ordinal);

    /// <returns>Without a key for a name that nobody has.</returns>
    public Holding Find(string name) => _holdings.GetValueOrDefault(name);

    internal void Give(string name, PlaceKey key) =>
        _holdings.AddOrUpdate(name, static (_, key) => new Holding(key, 1), static (_, before, key) => new Holding(key, before.Turn + 1), key);

    /// <param name="isGone">The name goes with the backend; else another may get it.</param>
    internal void Release(string name, bool isGone)
    {
        if (isGone)
            _holdings.TryRemove(name, out _);
        else if (_holdings.TryGetValue(name, out var before))
            _holdings[name] = before with { Key = null };
    }

    /// <param name="Turn">How many have had it so far.</param>
    public readonly record struct Holding(PlaceKey? Key, int Turn);
}
