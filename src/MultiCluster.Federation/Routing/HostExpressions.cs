using System.Text;
using System.Text.RegularExpressions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>The routes of each host whose paths are expressions, for lookups of single requests.</summary>
internal sealed class HostExpressions
{
    private readonly Dictionary<string, SortedDictionary<RouteKey, Route>> _routes = new(StringComparer.Ordinal);

    /// <param name="route">Null: it is gone.</param>
    public void Set(RouteKey key, Route? route)
    {
        if (route is not null)
        {
            if (!_routes.TryGetValue(key.Host, out var routes))
                _routes.Add(key.Host, routes = []);
            routes[key] = route;
        }
        else if (_routes.TryGetValue(key.Host, out var left) && left.Remove(key) && left.Count == 0)
        {
            _routes.Remove(key.Host);
        }
    }

    /// <summary>The best first.</summary>
    /// <param name="path">Percent-decoded.</param>
    public IEnumerable<Route> Matches(string host, string path)
    {
        if (!_routes.TryGetValue(host, out var routes))
            return [];
        // Expressions are about bytes.
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path));
        return routes.Values.Where(static route => route.Expression is not null).OrderBy(static route => route, RouteOrder.Instance).Where(route => IsMatch(route.Expression!, bytes));
    }

    /// <summary>In linear time: what is written may be anybody's.</summary>
    private static bool IsMatch(PathExpression expression, string path)
    {
        try
        {
            return Regex.IsMatch(path, expression.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
