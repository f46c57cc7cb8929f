using System.Globalization;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <param name="Stored">As it is now, or was before it was deleted; null when there is none.</param>
/// <param name="Refusal">Null when the write happened.</param>
internal readonly record struct WriteAnswer(StoredObject? Stored, StatusObject? Refusal);

/// <summary>
/// Makes stored objects of what clients send: metadata that the server owns, generations, no new version for a write that
/// changes nothing. A creationTimestamp that a client sends is kept, unlike in a real server, since tests of precedence need it.
/// </summary>
internal sealed class ObjectWriter(TimeProvider time)
{
    private static readonly string[] Owned = ["resourceVersion", "uid", "generation", "managedFields"];

    /// <summary>The whole object but its status, as create, update and kubectl apply do.</summary>
    public StoredObject? Replace(ObjectStore store, ObjectKey key, JsonObject wanted) => Replace(store, key, wanted, static _ => null).Stored;

    /// <param name="refuse">Judges what is there in the same moment; null lets the write happen.</param>
    public WriteAnswer Replace(ObjectStore store, ObjectKey key, JsonObject wanted, Func<StoredObject?, StatusObject?> refuse)
    {
        StatusObject? refusal = null;
        var stored = store.Write(key, (before, next) => (refusal = refuse(before)) is null ? Replaced(store, before, key, wanted, next) : null);
        return new(stored, refusal);
    }

    private StoredObject? Replaced(ObjectStore store, StoredObject? before, ObjectKey key, JsonObject wanted, Func<long> next)
    {
        var node = wanted.DeepClone().AsObject();
        Complete(store.Resource, key, node);
        var old = before?.ToNode();
        if (store.Resource != ResourcePath.Namespaces && old?["status"] is { } status)
            node["status"] = status.DeepClone();
        return Store(before, old, key, node, next);
    }

    /// <summary>Null when there is no such object.</summary>
    public WriteAnswer Merge(ObjectStore store, ObjectKey key, JsonObject patch, string? subresource, Func<StoredObject?, StatusObject?> refuse)
    {
        StatusObject? refusal = null;
        var stored = store.Write(key, (before, next) => (refusal = refuse(before)) is null ? Merged(before, key, patch, subresource, next) : null);
        return new(stored, refusal);
    }

    private StoredObject? Merged(StoredObject? before, ObjectKey key, JsonObject patch, string? subresource, Func<long> next)
    {
        if (before is null)
            return null;
        var old = before.ToNode();
        var node = subresource == "status"
            ? JsonMerge.Apply(old, new JsonObject { ["status"] = patch["status"]?.DeepClone() ?? new JsonObject() })!.AsObject()
            : JsonMerge.Apply(old, Without(patch, "status"))!.AsObject();
        return Store(before, old, key, node, next);
    }

    /// <summary>The fast way: the bytes are stored as they are, with the server's metadata put in.</summary>
    public StoredObject Raw(ObjectStore store, ObjectKey key, ReadOnlySpan<byte> json)
    {
        var bytes = json.ToArray();
        return store.Write(key, (before, next) =>
        {
            var version = next();
            var uid = before?.Uid ?? Guid.NewGuid().ToString();
            var type = store.Resource == ResourcePath.Secrets ? SecretType(JsonNode.Parse(bytes)) : "";
            return new StoredObject(key, StoredObject.Stamped(bytes, version, uid, Now()), version, uid, type);
        })!;
    }

    public static WriteAnswer Delete(ObjectStore store, ObjectKey key, Func<StoredObject, StatusObject?> refuse)
    {
        StatusObject? refusal = null;
        var found = store.Delete(key, before => (refusal = refuse(before)) is null, static (before, version) =>
        {
            var node = before.ToNode();
            node["metadata"]!["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
            return before with { Json = Responses.Bytes(node), ResourceVersion = version };
        });
        return new(found, refusal);
    }

    private StoredObject? Store(StoredObject? before, JsonObject? old, ObjectKey key, JsonObject node, Func<long> next)
    {
        var meta = node["metadata"]!.AsObject();
        foreach (var field in Owned)
            meta.Remove(field);
        var uid = before?.Uid ?? Guid.NewGuid().ToString();
        meta["uid"] = uid;
        meta["generation"] = Generation(old, node);
        if (meta["creationTimestamp"] is null)
            meta["creationTimestamp"] = old?["metadata"]?["creationTimestamp"]?.DeepClone() ?? Now();
        if (old is not null && IsSame(old, node))
            return null;
        var version = next();
        meta["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(key, Responses.Bytes(node), version, uid, SecretType(node));
    }

    private static void Complete(ResourcePath resource, ObjectKey key, JsonObject node)
    {
        node["apiVersion"] = resource.ApiVersion;
        node["kind"] = resource.Kind;
        if (node["metadata"] is not JsonObject meta)
            node["metadata"] = meta = [];
        meta["name"] = key.Name;
        if (resource.Namespaced)
            meta["namespace"] = key.Namespace;
        if (resource != ResourcePath.Secrets || node["stringData"] is not JsonObject plain)
            return;
        node.Remove("stringData");
        var data = node["data"] as JsonObject ?? [];
        node["data"] = data;
        foreach (var (name, value) in plain)
            data[name] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value!.GetValue<string>()));
    }

    private static long Generation(JsonObject? old, JsonObject node)
    {
        if (old is null)
            return 1;
        var before = old["metadata"]?["generation"]?.GetValue<long>() ?? 1;
        return JsonNode.DeepEquals(old["spec"], node["spec"]) ? before : before + 1;
    }

    private static bool IsSame(JsonObject old, JsonObject node)
    {
        var bare = old.DeepClone().AsObject();
        bare["metadata"]!.AsObject().Remove("resourceVersion");
        return JsonNode.DeepEquals(bare, node);
    }

    private static JsonObject Without(JsonObject node, string field)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(field);
        return copy;
    }

    private static string SecretType(JsonNode? node) => Manifests.Text(node, "type");

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
