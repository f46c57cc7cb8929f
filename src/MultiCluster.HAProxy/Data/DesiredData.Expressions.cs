using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Hosts of which some paths are expressions.</summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<string, ExpressiveHost> _expressive = new(StringComparer.Ordinal);

    /// <summary>Hosts whose expressions are others now.</summary>
    private readonly HashSet<string> _restated = new(StringComparer.Ordinal);

    private void NoteExpression(RouteKey key, Route? old, Route? route)
    {
        if (!_expressive.TryGetValue(key.Host, out var host))
        {
            if (!key.IsExpression || route is null || RouteMaps.KeyOf(key) is null)
                return;
            _expressive.Add(key.Host, host = new ExpressiveHost());
        }

        if (key.IsExpression)
        {
            if (route is null)
                host.Routes.Remove(key);
            else
                host.Routes[key] = route;
            if (old?.Expression != route?.Expression || old?.Ingress.Namespace != route?.Ingress.Namespace)
                _restated.Add(key.Host);
        }
        else if (key.Match == PathMatch.Prefix && route is null)
        {
            host.Prefixes.Remove(key);
        }
        else if (key.Match == PathMatch.Prefix)
        {
            host.Prefixes.Add(key);
        }
    }

    /// <summary>New entries come before any value names them, and old ones go after the last has ceased to.</summary>
    private void Restate(Touched touched)
    {
        if (_restated.Count == 0)
            return;
        FindPrefixes();
        foreach (var name in _restated)
            Restate(name, _expressive[name], touched);
        _restated.Clear();
    }

    /// <summary>Once for all hosts that have their first expression: all of HAProxy's routes are looked through.</summary>
    private void FindPrefixes()
    {
        var fresh = _restated.Where(name => _expressive[name].Data is null).ToHashSet(StringComparer.Ordinal);
        if (fresh.Count == 0)
            return;
        foreach (var key in _routes.Keys.Where(key => key.Match == PathMatch.Prefix && fresh.Contains(key.Host)))
            _expressive[key.Host].Prefixes.Add(key);
    }

    private void Restate(string name, ExpressiveHost host, Touched touched)
    {
        var before = host.Data;
        host.Data = host.Routes.Count == 0 ? null : PathExpressionData.Of(host.Routes.Values);
        if (host.Data is null)
            _expressive.Remove(name);
        if (before is not null && before.Id == host.Data?.Id)
            return;
        foreach (var (entry, value) in host.Data?.Entries ?? NoEntries)
            Write(entry, value, touched);
        foreach (var entry in before?.Entries.Keys ?? [])
            Write(entry, null, touched);
        foreach (var key in host.Prefixes.Append(new RouteKey(name, "", PathMatch.Prefix)).Concat(before?.LeftOut ?? []).Concat(host.Data?.LeftOut ?? []))
            WriteRoute(key, touched);
    }

    private static readonly Dictionary<MapKey, string> NoEntries = [];

    private bool IsLeftOut(RouteKey key) => key.IsExpression && _expressive.GetValueOrDefault(key.Host)?.Data?.LeftOut.Contains(key) == true;

    /// <summary>All of the host's Prefixes say so, and what has none finds it at the host itself.</summary>
    private string? WithExpressions(RouteKey key, string? value)
    {
        if (key.Match != PathMatch.Prefix || _expressive.GetValueOrDefault(key.Host)?.Data is not { } data)
            return value;
        return value is not null ? RouteMaps.WithExpressions(value, data.Id, key.PathLength) : key.Path.Length == 0 ? RouteMaps.OfExpressions(data.Id) : null;
    }

    private sealed class ExpressiveHost
    {
        public Dictionary<RouteKey, Route> Routes { get; } = [];

        public HashSet<RouteKey> Prefixes { get; } = [];

        /// <summary>Null: they are not written yet.</summary>
        public PathExpressionData? Data { get; set; }
    }
}
