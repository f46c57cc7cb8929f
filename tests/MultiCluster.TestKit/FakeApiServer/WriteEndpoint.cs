using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>POST, PUT, PATCH and DELETE.</summary>
internal sealed class WriteEndpoint(ObjectWriter writer)
{
    public async Task HandleAsync(HttpContext context, ObjectStore store, ApiRequest request)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsDelete(method) && request.Name is not null)
        {
            await DeleteAsync(context, store, request);
            return;
        }

        if (await ReadBodyAsync(context) is not { } body)
        {
            await Responses.SendAsync(context, StatusObject.BadRequest("the body is no object"));
            return;
        }

        if (HttpMethods.IsPost(method) && request.Name is null)
            await CreateAsync(context, store, request, body);
        else if (HttpMethods.IsPut(method) && request is { Name: not null, Subresource: null })
            await ReplaceAsync(context, store, request.Key, body, mustExist: true);
        else if (HttpMethods.IsPatch(method) && request.Name is not null)
            await PatchAsync(context, store, request, body);
        else
            await Responses.SendAsync(context, new StatusObject(405, "MethodNotAllowed", "the server does not allow this method"));
    }

    private static Task DeleteAsync(HttpContext context, ObjectStore store, ApiRequest request) =>
        ObjectWriter.Delete(store, request.Key)
            ? Responses.SendAsync(context, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}"u8.ToArray())
            : Responses.SendAsync(context, StatusObject.NotFound(store.Resource, request.Name!));

    private async Task CreateAsync(HttpContext context, ObjectStore store, ApiRequest request, JsonObject body)
    {
        var key = request.Key with { Name = Manifests.Text(body["metadata"], "name") };
        if (store.Find(key) is null)
            await Responses.SendAsync(context, 201, writer.Replace(store, key, body)!.Json);
        else
            await Responses.SendAsync(context, new StatusObject(409, "AlreadyExists", $"{store.Resource.Plural} \"{key.Name}\" already exists"));
    }

    private async Task ReplaceAsync(HttpContext context, ObjectStore store, ObjectKey key, JsonObject body, bool mustExist)
    {
        var before = store.Find(key);
        if (before is null && mustExist)
            await Responses.SendAsync(context, StatusObject.NotFound(store.Resource, key.Name));
        else if (IsStale(before, body))
            await Responses.SendAsync(context, StatusObject.Conflict(store.Resource, key.Name));
        else
            await Responses.SendAsync(context, before is null ? 201 : 200, writer.Replace(store, key, body)!.Json);
    }

    private async Task PatchAsync(HttpContext context, ObjectStore store, ApiRequest request, JsonObject body)
    {
        var type = context.Request.ContentType ?? "";
        if (type.StartsWith("application/apply-patch", StringComparison.Ordinal) && request.Subresource is null)
        {
            await ReplaceAsync(context, store, request.Key, body, mustExist: false);
            return;
        }

        if (!type.StartsWith("application/merge-patch+json", StringComparison.Ordinal))
        {
            await Responses.SendAsync(context, new StatusObject(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {type}"));
            return;
        }

        if (IsStale(store.Find(request.Key), body))
            await Responses.SendAsync(context, StatusObject.Conflict(store.Resource, request.Name!));
        else if (writer.Merge(store, request.Key, body, request.Subresource) is { } stored)
            await Responses.SendAsync(context, 200, stored.Json);
        else
            await Responses.SendAsync(context, StatusObject.NotFound(store.Resource, request.Name!));
    }

    private static bool IsStale(StoredObject? before, JsonObject body) =>
        before is not null && Manifests.Text(body["metadata"], "resourceVersion") is { Length: > 0 } version
        && version != before.ResourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<JsonObject?> ReadBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var text = ManifestText.Parse(buffer.ToArray());
        return text is { Error: null, Documents.Length: 1 } ? JsonNode.Parse(text.Documents[0].Json.Span) as JsonObject : null;
    }
}
