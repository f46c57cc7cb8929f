using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>metav1.Status as the API server writes it.</summary>
internal sealed record StatusObject(int Code, string Reason, string Message, int? RetryAfterSeconds = null)
{
    public static StatusObject NotFound(ResourcePath resource, string name) =>
        new(404, "NotFound", $"{resource.Plural}{(resource.Group.Length == 0 ? "" : "." + resource.Group)} \"{name}\" not found");

    public static StatusObject Conflict(ResourcePath resource, string name) => new(
        409, "Conflict", $"Operation cannot be fulfilled on {resource.Plural} \"{name}\": the object has been modified; please apply your changes to the latest version");

    public static StatusObject AlreadyExists(ResourcePath resource, string name) => new(409, "AlreadyExists", $"{resource.Plural} \"{name}\" already exists");

    public static StatusObject Expired(string what) => new(410, "Expired", what);

    public static StatusObject BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusObject OfCode(int code, int? retryAfterSeconds) => code switch
    {
        401 => new(401, "Unauthorized", "Unauthorized"),
        403 => new(403, "Forbidden", "forbidden: the user may not do this"),
        404 => new(404, "NotFound", "the server could not find the requested resource"),
        409 => new(409, "Conflict", "the object has been modified"),
        410 => Expired("too old resource version"),
        429 => new(429, "TooManyRequests", "the server has received too many requests", retryAfterSeconds),
        503 => new(503, "ServiceUnavailable", "the server is currently unable to handle the request", retryAfterSeconds),
        _ => new(code, "InternalError", "an error on the server has prevented the request from succeeding", retryAfterSeconds),
    };

    public JsonObject ToNode()
    {
        var node = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (RetryAfterSeconds is { } seconds)
            node["details"] = new JsonObject { ["retryAfterSeconds"] = seconds };
        node["code"] = Code;
        return node;
    }
}
