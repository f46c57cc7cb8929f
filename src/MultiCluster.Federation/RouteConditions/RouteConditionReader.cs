using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RouteConditions;

/// <param name="When">Null: the route takes all requests of its key.</param>
public sealed record RouteConditionReading(RouteCondition? When, EquatableArray<PolicyProblem> Problems)
{
    public static readonly RouteConditionReading None = new(null, []);
}

/// <summary>
/// Annotations by which several Ingresses share one host and path. Total: of a condition that can't be read the route takes nothing, since
/// without it the route would take everything.
/// </summary>
public static class RouteConditionReader
{
    private static readonly string[] Policies = ["canary", "route-condition"];

    /// <param name="service">Of the Service that the route leads to.</param>
    /// <param name="serviceName">For people.</param>
    public static RouteConditionReading Read(EquatableMap ingress, EquatableMap service, string serviceName)
    {
        if (!Speaks(ingress) && !Speaks(service))
            return RouteConditionReading.None;
        var problems = new List<PolicyProblem>();
        var families = new Dictionary<string, FamilyAnnotations>(StringComparer.Ordinal);
        Gather(ingress, AnnotationPlaces.Ingress, null);
        Gather(service, AnnotationPlaces.Service, serviceName);
        var tests = new List<RequestTest>();
        var holds = true;
        if (families.GetValueOrDefault("haproxy-ingress") is { } community)
            holds &= HeaderMatchReader.Read(community, tests);
        if (families.GetValueOrDefault("haproxy") is { } official)
            holds &= RouteAclReader.Read(official, tests);
        var canary = families.GetValueOrDefault("nginx") is { } nginx ? CanaryReader.Read(nginx, hasOthers: tests.Count > 0 || !holds) : null;
        var when = canary ?? (!holds ? RouteCondition.Never : tests.Count == 0 ? null : new RouteCondition { Rules = [new RouteRule(true, tests.ToEquatableArray())] });
        return new RouteConditionReading(when, problems.ToEquatableArray());

        void Gather(EquatableMap annotations, AnnotationPlaces place, string? of)
        {
            foreach (var (name, value) in annotations)
            {
                if (AnnotationIndex.Find(name) is not { } known || (known.Entry.Places & place) == AnnotationPlaces.None)
                    continue;
                if (!families.TryGetValue(known.Family.Name, out var family))
                    families.Add(known.Family.Name, family = new FamilyAnnotations(known.Family, problems));
                family.Add(name, value, known.Entry, of);
            }
        }
    }

    private static bool Speaks(EquatableMap annotations)
    {
        foreach (var (name, _) in annotations)
        {
            if (AnnotationIndex.Find(name) is { } known && Array.IndexOf(Policies, known.Entry.Policy) >= 0)
                return true;
        }

        return false;
    }
}
