using System.Globalization;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <param name="Problem">What is wrong and the fix; continues the path.</param>
internal readonly record struct PathExpressionReading(PathExpression? Expression, string? Problem);

/// <summary>
/// Paths that are no plain text, as expressions. Of those of a host the longest that matches counts, as ingress-nginx has it, Prefixes
/// among them; but expressions of the community's HAProxy controller come after everything else.
/// </summary>
internal static class PathExpressions
{
    /// <summary>Less than elsewhere: with an expression that is given up a request would get to another route.</summary>
    private const int MaxStretches = 1;

    private const int MaxWays = 64;

    private const int MaxLength = 512;

    public static PathExpressionReading Read(string path, PathMatch match)
    {
        if (path.Length > MaxLength)
            return Refuse(path, string.Create(CultureInfo.InvariantCulture, $"has {path.Length} characters; an expression has at most {MaxLength}"));
        if (path.Length == 0 || path[0] != '/')
            return Refuse(path, "must begin with '/'");
        if (match == PathMatch.Begin)
            return new PathExpressionReading(new PathExpression($"^{Patterns.QuoteAnyCase(path)}", path.Length), null);
        var reading = Patterns.ReadBeginning(match == PathMatch.RegexAnyCase ? $"(?i)^(?:{path})" : $"^(?:{path})", MaxStretches, MaxWays);
        return reading.Problem is { } problem
            ? Refuse(path, $"as an expression {problem}")
            : new PathExpressionReading(new PathExpression(reading.Text, match == PathMatch.Regex ? 0 : path.Length), null);
    }

    /// <summary>Of a key that was read before; null for one whose path is plain text.</summary>
    public static PathExpression? Of(RouteKey key) => key.IsExpression ? Read(key.Path, key.Match).Expression : null;

    private static PathExpressionReading Refuse(string path, string problem) => new(null, $"{Shown.Quoted(path)} {problem}");
}
