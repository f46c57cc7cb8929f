using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Pages of other origins that may ask. It opens what browsers keep closed, so that of a list of which nothing can be read nothing comes.
/// </summary>
internal static class CorsTopic
{
    private const int MaxLength = 2048;
    private const string Off = ", and until then no other origin is allowed";

    private static readonly string[] AnyPatterns = ["^.*$", "^.+$", "^.*?$"];

    /// <summary>Expressions take the place of the default, which is every origin.</summary>
    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Switch("cors-enable") is not { } on)
            return null;
        const string key = "cors-allow-origin-regex";
        var hasPatterns = annotations.Has(key);
        var patterns = on && annotations.Text(key, Off) is { } written
            ? Patterns(annotations, key, written.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;
        var origins = on && (!hasPatterns || annotations.Has("cors-allow-origin")) ? Origins(annotations, mayBeWild: false) : null;
        return policy with { Cors = on ? Policy(annotations, origins, patterns ?? [], annotations.Number("cors-max-age"), "cors-expose-headers") : null };
    }

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Switch("cors-enable") is not { } on)
            return null;
        if (!on)
            return policy with { Cors = null };
        var origin = annotations.Has("cors-allow-origin") ? annotations.Text("cors-allow-origin", Off) : "*";
        List<string> patterns = origin is null or "*" ? [] : Patterns(annotations, "cors-allow-origin", [origin]);
        return policy with { Cors = Policy(annotations, origin == "*" ? ["*"] : [], patterns, annotations.Time("cors-max-age") is { } age ? (long)age.TotalSeconds : null, null) };
    }

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Switch("enable-cors") is not { } on)
            return null;
        return policy with { Cors = on ? Policy(annotations, Origins(annotations, mayBeWild: true), [], annotations.Number("cors-max-age"), "cors-expose-headers") : null };
    }

    private static CorsPolicy? Policy(FamilyAnnotations annotations, List<string>? origins, List<string> patterns, long? maxAge, string? exposeKey)
    {
        var isAny = (origins?.Contains("*", StringComparer.Ordinal) ?? false) || patterns.Exists(static pattern => AnyPatterns.Contains(pattern, StringComparer.Ordinal));
        var methods = Names(annotations, "cors-allow-methods");
        var headers = Names(annotations, "cors-allow-headers");
        var exposed = exposeKey is null ? "" : Names(annotations, exposeKey);
        var credentials = annotations.Switch("cors-allow-credentials");
        if (credentials is true && isAny)
            annotations.Refuse("cors-allow-credentials", "is \"true\" where every origin is allowed, which browsers refuse; name the origins");
        if (methods is null || headers is null || exposed is null || (!isAny && origins is not { Count: > 0 } && patterns.Count == 0))
            return null;
        return new CorsPolicy(
            isAny,
            isAny ? [] : (origins ?? []).Order(StringComparer.Ordinal).ToEquatableArray(),
            isAny ? [] : patterns.ToEquatableArray(),
            methods,
            headers,
            exposed,
            // A value that can't be read allows none.
            !isAny && (credentials ?? (!annotations.Has("cors-allow-credentials") && annotations.DefaultOf("cors-allow-credentials") == "true")),
            maxAge ?? DefaultAge(annotations));
    }

    private static long DefaultAge(FamilyAnnotations annotations)
    {
        var written = annotations.DefaultOf("cors-max-age");
        return written.EndsWith('s') ? (long)Quantities.Time(written).TotalSeconds : Quantities.Size(written);
    }

    /// <summary>Null when something is written and nothing of it can be read.</summary>
    private static string? Names(FamilyAnnotations annotations, string key)
    {
        var names = new List<string>();
        foreach (var name in (annotations.Parts(key, Off) ?? annotations.DefaultOf(key)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "*" || ValueChecks.IsName(name))
                names.Add(name);
            else
                annotations.Refuse(key, $"holds {Shown.Quoted(name)}, which counts for nothing; write names divided by commas");
        }

        var text = string.Join(", ", names);
        if (text.Length > MaxLength)
            annotations.Refuse(key, $"is longer than {MaxLength} characters; write fewer names{Off}");
        return text.Length > MaxLength || (names.Count == 0 && annotations.Has(key)) ? null : text;
    }

    private static List<string> Origins(FamilyAnnotations annotations, bool mayBeWild)
    {
        const string key = "cors-allow-origin";
        var origins = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in (annotations.Parts(key, Off) ?? "*").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "*" || IsOrigin(part, mayBeWild))
                origins.Add(part.ToLowerInvariant());
            else
                annotations.Refuse(
                    key,
                    $"holds {Shown.Quoted(part)}, which counts for nothing; write origins such as https://shop.example, without a path{(mayBeWild ? "" : " and without a wildcard")}");
        }

        return [.. origins];
    }

    /// <summary>Scheme, host and perhaps port.</summary>
    private static bool IsOrigin(string value, bool mayBeWild)
    {
        var at = value.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && char.IsAsciiLetter(value[0]) && value[..at].All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
            && ValueChecks.IsHostAndPort(value[(at + 3)..]) && (mayBeWild || !value.Contains('*', StringComparison.Ordinal));
    }

    private static List<string> Patterns(FamilyAnnotations annotations, string key, IEnumerable<string> written)
    {
        var patterns = new List<string>();
        foreach (var pattern in written)
        {
            var reading = RoutePolicies.Patterns.ReadWhole(pattern);
            if (reading.Problem is { } problem)
                annotations.Refuse(key, $"holds {Shown.Quoted(pattern)}, which {problem}{Off}");
            else
                patterns.Add(reading.Text);
        }

        return patterns;
    }
}
