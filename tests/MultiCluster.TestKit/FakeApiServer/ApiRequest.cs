using Microsoft.AspNetCore.Http;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>A request's path: resource, namespace, name, subresource.</summary>
internal sealed record ApiRequest(ResourcePath Resource, string? Namespace, string? Name, string? Subresource)
{
    public ObjectKey Key => new(Resource.Namespaced ? Namespace ?? "" : "", Name ?? "");

    public static ApiRequest? Parse(PathString path, IReadOnlyCollection<ResourcePath> known)
    {
        var parts = path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest, known),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest, known),
            _ => null,
        };
    }

    public FaultVerb VerbOf(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
            return FaultVerb.Write;
        if (Name is not null)
            return FaultVerb.Get;
        return IsWatch(request) ? FaultVerb.Watch : FaultVerb.List;
    }

    public static bool IsWatch(HttpRequest request) => request.Query["watch"].ToString() is "true" or "1";

    private static ApiRequest? Parse(string group, string version, string[] rest, IReadOnlyCollection<ResourcePath> known)
    {
        ResourcePath? Find(string plural, bool namespaced) => known.FirstOrDefault(
            r => r.Group == group && r.Version == version && r.Plural == plural && (!namespaced || r.Namespaced));

        return rest switch
        {
            ["namespaces", var space, var plural] when Find(plural, true) is { } r => new(r, space, null, null),
            ["namespaces", var space, var plural, var name] when Find(plural, true) is { } r => new(r, space, name, null),
            ["namespaces", var space, var plural, var name, var sub] when Find(plural, true) is { } r => new(r, space, name, sub),
            [var plural] when Find(plural, false) is { } r => new(r, null, null, null),
            [var plural, var name] when Find(plural, false) is { Namespaced: false } r => new(r, null, name, null),
            [var plural, var name, var sub] when Find(plural, false) is { Namespaced: false } r => new(r, null, name, sub),
            _ => null,
        };
    }
}
