using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RouteConditions;

/// <summary>
/// A canary of ingress-nginx, as that controller decides: first by the header, then the cookie, then by chance. Either of the first two can
/// also say that a request is not for the canary.
/// </summary>
internal static class CanaryReader
{
    private const string Key = "canary";
    private const string Header = "canary-by-header";
    private const string HeaderValue = "canary-by-header-value";
    private const string HeaderPattern = "canary-by-header-pattern";
    private const string Cookie = "canary-by-cookie";
    private const string So = ", and until then the canary gets no request by it";

    /// <summary>A smaller total counts as this one there.</summary>
    private const int LeastTotal = 100;

    /// <param name="hasOthers">There is another controller's condition besides.</param>
    public static RouteCondition? Read(FamilyAnnotations annotations, bool hasOthers)
    {
        var isOn = annotations.Switch(Key, "; until then it gets no request");
        if (!annotations.Has(Key) || isOn is false)
            return null;
        if (hasOthers)
            annotations.Refuse(Key, "stands beside a condition of another controller, which does not count; remove the one or the other");
        var rules = new List<RouteRule>();
        if (isOn is true)
        {
            AddHeader(annotations, rules);
            if (annotations.Text(Cookie, So) is { } cookie)
                AddWords(rules, RequestPart.Cookie, cookie);
            if (annotations.Number("canary-weight") is > 0 and var weight)
            {
                var total = Math.Max(LeastTotal, annotations.Number("canary-weight-total") ?? LeastTotal);
                rules.Add(new RouteRule(true, [RequestTest.Share(0, Math.Min(weight, total), total)]));
            }
        }

        return new RouteCondition { IsCanary = true, IsSticky = annotations.Text("affinity-canary-behavior") != "legacy", Rules = rules.ToEquatableArray() };
    }

    private static void AddHeader(FamilyAnnotations annotations, List<RouteRule> rules)
    {
        if (annotations.Text(Header, So) is not { } written)
        {
            foreach (var key in (string[])[HeaderValue, HeaderPattern])
            {
                if (!annotations.Has(Header))
                    annotations.Refuse(key, $"says nothing without {Header}, which names the header; write that too");
            }

            return;
        }

        var name = written.ToLowerInvariant();
        if (annotations.Has(HeaderValue))
        {
            if (annotations.Text(HeaderValue, So) is { } value)
                rules.Add(new RouteRule(true, [new RequestTest(RequestPart.Header, name, TextMatch.Equal, [value])]));
        }
        else if (annotations.Has(HeaderPattern))
        {
            if (annotations.Text(HeaderPattern, So) is { } pattern && LinePatterns.Read(annotations, HeaderPattern, pattern, So) is { } read)
                rules.Add(new RouteRule(true, [new RequestTest(RequestPart.Header, name, TextMatch.Pattern, [read])]));
        }
        else
        {
            AddWords(rules, RequestPart.Header, name);
        }
    }

    private static void AddWords(List<RouteRule> rules, RequestPart part, string name)
    {
        rules.Add(new RouteRule(true, [new RequestTest(part, name, TextMatch.Equal, ["always"])]));
        rules.Add(new RouteRule(false, [new RequestTest(part, name, TextMatch.Equal, ["never"])]));
    }
}
