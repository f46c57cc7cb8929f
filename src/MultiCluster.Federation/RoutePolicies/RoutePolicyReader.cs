using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Annotations of the other controllers as one policy of a route. An object without any has <see cref="RoutePolicy.None"/>: no controller's
/// default counts unless a key of the thing that it is a default of is written. Total: a bad value costs itself, and is told; one that guards
/// access closes the route.
/// </summary>
public static class RoutePolicyReader
{
    /// <summary>Of two controllers that speak of one thing the earlier counts.</summary>
    private static readonly string[] Order = ["multicluster", "haproxy-ingress", "haproxy", "nginx"];

    /// <param name="service">Of the Service that the route leads to; count before the Ingress'. Empty if there is none.</param>
    public static RoutePolicyReading Read(EquatableMap ingress, EquatableMap service, RoutePolicyContext context)
    {
        List<PolicyProblem>? problems = null;
        var families = new FamilyAnnotations?[Order.Length];
        foreach (var (name, value) in context.Defaults.Annotations)
            Add(name, value, AnnotationIndex.Find(name), (family, entry) => family.AddDefault(name, value, entry, context.Defaults.LabelOf(name)));
        Gather(ingress, null);
        Gather(service, context.Service ?? "");
        var policy = context is { HasTls: true, Defaults.RedirectsToHttps: true } ? RoutePolicy.None with { HttpsRedirect = HttpsTopic.Default } : RoutePolicy.None;
        if (problems is null)
            return policy == RoutePolicy.None ? RoutePolicyReading.None : new RoutePolicyReading(policy, []);
        foreach (var topic in PolicyTopic.All)
            policy = Read(topic, families, context, policy);
        return new RoutePolicyReading(policy, problems.ToEquatableArray());

        void Gather(EquatableMap annotations, string? of)
        {
            var place = of is null ? AnnotationPlaces.Ingress : AnnotationPlaces.Service;
            foreach (var (name, value) in annotations)
            {
                if (AnnotationIndex.Find(name) is { } known && (known.Entry.Places & place) != AnnotationPlaces.None)
                    Add(name, value, known, (family, entry) => family.Add(name, value, entry, of));
            }
        }

        void Add(string name, string value, KnownAnnotation? known, Action<FamilyAnnotations, AnnotationEntry> add)
        {
            if (known is { } entry && Array.IndexOf(Order, entry.Family.Name) is >= 0 and var at)
                add(families[at] ??= new FamilyAnnotations(entry.Family, problems ??= []), entry.Entry);
        }
    }

    private static RoutePolicy Read(PolicyTopic topic, FamilyAnnotations?[] families, RoutePolicyContext context, RoutePolicy policy)
    {
        RoutePolicy? chosen = null;
        var (fields, isOwn) = ("", false);
        foreach (var family in families)
        {
            family?.Begin();
            if (family is null || topic.ReaderOf(family.Family.Name)?.Invoke(family, context, policy) is not { } read)
                continue;
            // What an object says itself counts before any default, of whichever controller.
            if (chosen is null || (family.HasReadOwn && !isOwn))
                (chosen, fields, isOwn) = (read, family.Fields, family.HasReadOwn);
            else if (family.HasReadOwn && !chosen.Equals(read))
                family.Yield(fields);
        }

        return chosen ?? policy;
    }
}
