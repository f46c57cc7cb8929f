using Microsoft.AspNetCore.Http;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Who asks for what, as an authorizer sees it.</summary>
/// <param name="Token">Empty when the request has none.</param>
internal sealed record AccessRequest(string Token, string Verb, ResourcePath Resource, string? Subresource, string? Namespace)
{
    public static AccessRequest Of(HttpRequest http, ApiRequest request)
    {
        var authorization = http.Headers.Authorization.ToString();
        var verb = http.Method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ when request.Name is not null => "get",
            _ => ApiRequest.IsWatch(http) ? "watch" : "list",
        };
        return new AccessRequest(
            authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "", verb, request.Resource, request.Subresource, request.Namespace);
    }
}

/// <summary>RBAC seen from the other side: everything is allowed that is not denied. May be changed at any time.</summary>
public sealed class FakeAccess
{
    private readonly Lock _lock = new();
    private readonly List<Denial> _denials = [];

    /// <param name="verb">As in a Role: get, list, watch, create, update, patch, delete.</param>
    /// <param name="subresource">Such as status; null for the resource itself.</param>
    /// <param name="token">Only who comes with this bearer token; null for everyone.</param>
    public void Deny(string verb, ResourcePath resource, string? subresource = null, string? token = null)
    {
        lock (_lock)
            _denials.Add(new Denial(verb, resource, subresource, token));
    }

    public void AllowAll()
    {
        lock (_lock)
            _denials.Clear();
    }

    internal StatusObject? Refuse(AccessRequest request)
    {
        lock (_lock)
        {
            if (!_denials.Exists(denial => denial.Fits(request)))
                return null;
        }

        var name = request.Subresource is null ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
        var where = request.Namespace is null ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return new StatusObject(
            403,
            "Forbidden",
            $"{request.Resource.QualifiedName} is forbidden: User \"fake\" cannot {request.Verb} resource \"{name}\" in API group \"{request.Resource.Group}\" {where}");
    }

    private sealed record Denial(string Verb, ResourcePath Resource, string? Subresource, string? Token)
    {
        public bool Fits(AccessRequest request) =>
            Verb == request.Verb && Resource == request.Resource && Subresource == request.Subresource && (Token is null || Token == request.Token);
    }
}
