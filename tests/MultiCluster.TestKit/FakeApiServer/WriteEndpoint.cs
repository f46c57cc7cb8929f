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
            await DeleteAsync(context, store, request, await ReadBodyAsync(context));
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

    /// <param name="options">DeleteOptions; null when the body is empty.</param>
    private static Task DeleteAsync(HttpContext context, ObjectStore store, ApiRequest request, JsonObject? options) =>
        ObjectWriter.Delete(store, request.Key, before => WriteRules.Refuse(store.Resource, request.Key, before, options?["preconditions"])) switch
        {
            { Refusal: { } refusal } => Responses.SendAsync(context, refusal),
            { Stored: null } => Responses.SendAsync(context, StatusObject.NotFound(store.Resource, request.Name!)),
            _ => Responses.SendAsync(context, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}"u8.ToArray()),
        };

    private Task CreateAsync(HttpContext context, ObjectStore store, ApiRequest request, JsonObject body)
    {
        var key = request.Key with { Name = Manifests.Text(body["metadata"], "name") };
        var created = writer.Replace(store, key, body, before => before is null ? null : StatusObject.AlreadyExists(store.Resource, key.Name));
        return SendAsync(context, 201, created);
    }

    private Task ReplaceAsync(HttpContext context, ObjectStore store, ObjectKey key, JsonObject body, bool mustExist)
    {
        var code = 200;
        var replaced = writer.Replace(store, key, body, before =>
        {
            code = before is null ? 201 : 200;
            return before is null && mustExist
                ? WriteRules.RefuseMissing(store.Resource, key, body["metadata"])
                : WriteRules.Refuse(store.Resource, key, before, body["metadata"]);
        });
        return SendAsync(context, code, replaced);
    }

    private static Task SendAsync(HttpContext context, int code, WriteAnswer answer) => answer.Refusal is { } refusal
        ? Responses.SendAsync(context, refusal)
        : Responses.SendAsync(context, code, answer.Stored!.Json);

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

        var merged = writer.Merge(
            store, request.Key, body, request.Subresource, before => WriteRules.Refuse(store.Resource, request.Key, before, body["metadata"]));
        if (merged.Refusal is null && merged.Stored is null)
            await Responses.SendAsync(context, StatusObject.NotFound(store.Resource, request.Name!));
        else
            await SendAsync(context, 200, merged);
    }

    private static async Task<JsonObject?> ReadBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var text = ManifestText.Parse(buffer.ToArray());
        return text is { Error: null, Documents.Length: 1 } ? JsonNode.Parse(text.Documents[0].Json.Span) as JsonObject : null;
    }
}
