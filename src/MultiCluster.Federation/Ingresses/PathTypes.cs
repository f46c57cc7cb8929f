using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What annotations of a copy say of how its paths are meant. An Exact one always is.</summary>
internal sealed class PathTypes
{
    private const string CommunityKey = "path-type";
    private const string SlashOnly = "/";

    private readonly List<PolicyProblem> _problems = [];
    private readonly string? _community;
    private readonly bool _areExpressions;
    private readonly Dictionary<ObjectKey, string> _services = [];

    private PathTypes(IngressCopy copy)
    {
        _community = Family("haproxy-ingress", AnnotationPlaces.Ingress, copy.Ingress, null)?.Text(CommunityKey);
        foreach (var service in copy.Services)
        {
            if (Family("haproxy-ingress", AnnotationPlaces.Service, service, service.Key.Name)?.Text(CommunityKey) is { } type)
                _services[service.Key] = type;
        }

        // A target may name groups of the path, so ingress-nginx takes every path for an expression then.
        if (Family("nginx", AnnotationPlaces.Ingress, copy.Ingress, null) is { } nginx)
            _areExpressions = nginx.Switch("use-regex") is true || nginx.Has("rewrite-target");
    }

    /// <summary>What is wrong with them.</summary>
    public IEnumerable<Problem> Problems => _problems.Select(static problem => (Problem)problem);

    public static PathTypes Of(IngressCopy copy) => new(copy);

    /// <param name="service">That the path leads to.</param>
    /// <returns>Null for a path type that Kubernetes doesn't have.</returns>
    public PathMatch? MatchOf(string? pathType, string? path, ObjectKey service)
    {
        if (pathType is not ("Exact" or "Prefix" or "ImplementationSpecific"))
            return null;
        if (pathType == "Exact")
            return PathMatch.Exact;
        // All that it can match, in any case.
        if (string.IsNullOrEmpty(path) || path == SlashOnly)
            return PathMatch.Prefix;
        var type = pathType != "ImplementationSpecific" ? null : _services.GetValueOrDefault(service, _community ?? "");
        return type switch
        {
            "exact" => PathMatch.Exact,
            "prefix" => PathMatch.Prefix,
            "begin" => PathMatch.Begin,
            "regex" => PathMatch.Regex,
            _ => _areExpressions ? PathMatch.RegexAnyCase : PathMatch.Prefix,
        };
    }

    private FamilyAnnotations? Family(string name, AnnotationPlaces place, Resource holder, string? service)
    {
        FamilyAnnotations? family = null;
        foreach (var (annotation, value) in holder.Meta.Annotations)
        {
            if (AnnotationIndex.Find(annotation) is { } known && known.Family.Name == name && (known.Entry.Places & place) != AnnotationPlaces.None && IsOfPaths(known.Entry.AliasOf ?? known.Entry.Key))
                (family ??= new FamilyAnnotations(known.Family, _problems)).Add(annotation, value, known.Entry, service);
        }

        return family;
    }

    private static bool IsOfPaths(string key) => key is CommunityKey or "use-regex" or "rewrite-target";
}
