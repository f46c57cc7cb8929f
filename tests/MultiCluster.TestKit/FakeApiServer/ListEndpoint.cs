using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Lists: paged by continue tokens, each page of the same snapshot.</summary>
internal sealed class ListEndpoint(FakeClusterOptions options)
{
    public async Task HandleAsync(HttpContext context, ObjectStore store, ObjectFilter filter, Fault? fault)
    {
        var query = context.Request.Query;
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var number) && number > 0 ? number : int.MaxValue;
        var token = query["continue"].ToString();
        var start = default(ObjectKey);
        ImmutableSortedDictionary<ObjectKey, StoredObject>? objects;
        long version;
        if (token.Length == 0)
        {
            (objects, version) = store.Snapshot();
        }
        else if (TryParse(token, out version, out start))
        {
            objects = store.SnapshotAt(version);
        }
        else
        {
            await Responses.SendAsync(context, StatusObject.BadRequest("continue key is not valid"));
            return;
        }

        if (objects is null)
        {
            await Responses.SendAsync(context, StatusObject.Expired("The provided continue parameter is too old to display a consistent list result."));
            return;
        }

        if (fault is { Type: FaultType.EmptyList })
            objects = objects.Clear();
        await SendAsync(context, Render(store, objects, filter, version, limit, start, PartialMetadata.IsAsked(context.Request, $"{PartialMetadata.Kind}List")), fault);
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, Fault? fault)
    {
        if (fault is { Type: FaultType.Truncate or FaultType.GarbageList })
            await Responses.SendHalfAsync(context, body, cut: fault.Type == FaultType.Truncate);
        else if (body.Length >= options.GzipFrom && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
            await Responses.SendCompressedAsync(context, body);
        else
            await Responses.SendAsync(context, 200, body);
    }

    private static ReadOnlyMemory<byte> Render(
        ObjectStore store, ImmutableSortedDictionary<ObjectKey, StoredObject> objects, ObjectFilter filter, long version, int limit, ObjectKey after, bool isPartial)
    {
        var matching = objects.Values.Where(stored => stored.Key > after && filter.Matches(stored)).ToList();
        var page = matching.Take(limit).ToList();
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("kind", (isPartial ? PartialMetadata.Kind : store.Resource.Kind) + "List");
        json.WriteString("apiVersion", isPartial ? PartialMetadata.ApiVersion : store.Resource.ApiVersion);
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", version.ToString(CultureInfo.InvariantCulture));
        if (page.Count < matching.Count)
            json.WriteString("continue", Token(version, page[^1].Key));
        json.WriteEndObject();
        json.WriteStartArray("items");
        foreach (var stored in page)
            json.WriteRawValue(isPartial ? Responses.Bytes(PartialMetadata.Of(stored.ToNode())) : stored.Json.Span, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string Token(long version, ObjectKey last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{version} {last.Namespace} {last.Name}"));

    private static bool TryParse(string token, out long version, out ObjectKey last)
    {
        version = 0;
        last = default;
        if (!Base64Url.IsValid(token))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ');
        if (parts.Length != 3 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out version))
            return false;
        last = new ObjectKey(parts[1], parts[2]);
        return true;
    }
}
