using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// The paths of a host that are expressions, as one: alternatives in their order, so that the order of a map, in which HAProxy tries
/// expressions, makes no difference. Which alternative matched is told by two digits that it takes from the line before the path; an entry
/// says what they stand for. As with policies the id is a digest of all, so that no request sees half of it.
/// </summary>
/// <param name="Id">As long as a policy's.</param>
/// <param name="LeftOut">Routes that there is no room for, or that HAProxy doesn't take.</param>
public sealed record PathExpressionData(string Id, IReadOnlyDictionary<MapKey, string> Entries, IReadOnlyList<RouteKey> LeftOut)
{
    /// <summary>Before the path in the text that is matched.</summary>
    public const string Digits = "0123456789abcdef";

    /// <summary>Letter of the entries.</summary>
    public const char Letter = 'P';

    /// <summary>Letter of the entry with the namespace that all of them are of; where they are of several there is none.</summary>
    public const char SpaceLetter = 'N';

    /// <summary>As <see cref="PolicyPattern.Start"/>, for as many expressions as a host may have.</summary>
    private const string Start = "(*LIMIT_MATCH=1000000)^";

    private const int MaxCount = 200;

    /// <param name="routes">Of the host; any order.</param>
    public static PathExpressionData Of(IEnumerable<Route> routes)
    {
        var (patterns, entries, leftOut) = (new StringBuilder(), new List<string>(), new List<RouteKey>());
        var spaces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var route in routes.OrderBy(static route => route, RouteOrder.Instance))
        {
            var number = entries.Count.ToString("x2", CultureInfo.InvariantCulture);
            var branch = $"(?=.*({number[0]}))(?=.*({number[1]})).*\\n(?m:{route.Expression?.Pattern})";
            if (entries.Count == MaxCount || patterns.Length + branch.Length > SafeText.MaxPatternLength - 128
                || route.Expression is not { } expression || PatternCheck.Problem(expression.Pattern) is not null || RouteMaps.KeyOf(route.Key) is not { } key)
            {
                leftOut.Add(route.Key);
                continue;
            }

            patterns.Append(entries.Count == 0 ? "" : "|").Append(branch);
            entries.Add(string.Create(CultureInfo.InvariantCulture, $"{expression.Rank}|{key.Key}"));
            spaces.Add(route.Ingress.Namespace);
        }

        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{patterns}\n{string.Join('\n', entries)}\n{string.Join(' ', spaces.Order(StringComparer.Ordinal))}")))[..PolicyData.IdLength];
        var all = new Dictionary<MapKey, string>();
        if (entries.Count > 0)
            all[new MapKey(RouteMaps.PatternsOf(id), $"{Start}{id}:{Letter}(?|{patterns})")] = @"\1\2";
        for (var i = 0; i < entries.Count; i++)
            all[new MapKey(MapName.Policies, string.Create(CultureInfo.InvariantCulture, $"{id}:{Letter}{i:x2}"))] = entries[i];
        if (spaces.Count == 1)
            all[new MapKey(MapName.Policies, $"{id}:{SpaceLetter}")] = spaces.Single();
        return new PathExpressionData(id, all, leftOut);
    }
}
