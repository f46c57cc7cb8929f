using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>The path that endpoints see.</summary>
internal static class RewriteTopic
{
    private const string Key = "rewrite-target";
    private const int MaxRules = 16;
    private const string Always = "^";

    /// <summary>The target takes the place of the rule's path, and the rest stays.</summary>
    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text(Key) is not { } target)
            return null;
        if (context.Match == PathMatch.Regex)
            return Community(annotations, target, context.Path, policy);
        if (Replacements.Read(target, ReplacementForm.Backslash, 0, out var replacement) is { } problem)
        {
            annotations.Refuse(Key, problem);
            return null;
        }

        if (context.Match == PathMatch.Begin)
            return policy with { Rewrites = [new PathRewrite($"^{Patterns.QuoteAnyCase(context.Path)}/?(.*)$", $"{replacement.TrimEnd('/')}/\\1")] };
        var path = context.Match == PathMatch.Default ? "" : Patterns.Quote(context.Path);
        var whole = new PathRewrite($"^{path}$", replacement);
        var below = new PathRewrite($"^{path}/(.*)$", $"{replacement.TrimEnd('/')}/\\1");
        if (!SafePattern.IsSafe(below.Pattern))
        {
            annotations.Refuse(Key, "is of a path that is too long to be rewritten; write a shorter path");
            return null;
        }

        return policy with { Rewrites = context.Match == PathMatch.Exact ? [whole] : path.Length == 0 ? [below] : [below, whole] };
    }

    /// <summary>The target takes the place of the whole path, and may name groups of the expression.</summary>
    private static RoutePolicy? Community(FamilyAnnotations annotations, string target, string path, RoutePolicy policy)
    {
        var pattern = Patterns.Read($"^{path}");
        var problem = Replacements.Read(target, ReplacementForm.Backslash, pattern.Groups, out var replacement);
        if ((pattern.Problem ?? problem) is not { } wrong)
            return policy with { Rewrites = [new PathRewrite(pattern.Text, replacement)] };
        annotations.Refuse(Key, wrong);
        return null;
    }

    /// <summary>
    /// Lines of a path that takes the place of all, or of an expression and what takes its place. There each line sees what the one before made
    /// of the path; here the first that matches counts.
    /// </summary>
    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        const string key = "path-rewrite";
        var rules = new List<PathRewrite>();
        foreach (var line in annotations.Parts(key)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (rules.Count == MaxRules)
                annotations.Refuse(key, $"holds more than {MaxRules} rules, of which the first count; write fewer");
            else if (Rule(line, out var rule) is { } problem)
                annotations.Refuse(key, $"holds {Shown.Quoted(line)}, which {problem}");
            else
                rules.Add(rule!);
        }

        return rules.Count == 0 ? null : policy with { Rewrites = rules.ToEquatableArray() };
    }

    /// <summary>The target takes the place of the whole path, and may name groups of the rule's path, which then is an expression.</summary>
    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text(Key) is not { } target)
            return null;
        var path = context.Path.Contains('(', StringComparison.Ordinal) ? Patterns.Read($"(?i)^{context.Path}") : new PatternReading(Always, 0, null);
        var problem = Replacements.Read(target, ReplacementForm.Dollar, path.Groups, out var replacement);
        if (path.Problem is { } wrong)
            problem = $"needs the path as an expression, which {wrong}";
        if (problem is null)
            return policy with { Rewrites = [new PathRewrite(path.Text, replacement)] };
        annotations.Refuse(Key, problem);
        return null;
    }

    private static string? Rule(string line, out PathRewrite? rule)
    {
        rule = null;
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 2)
            return "has more than two words; write a path, or an expression and a path";
        var pattern = words.Length == 1 ? new PatternReading(Always, 0, null) : Patterns.Read(words[0]);
        var problem = Replacements.Read(words[^1], ReplacementForm.Backslash, pattern.Groups, out var replacement);
        if ((pattern.Problem ?? problem) is { } wrong)
            return wrong;
        rule = new PathRewrite(pattern.Text, replacement);
        return null;
    }
}
