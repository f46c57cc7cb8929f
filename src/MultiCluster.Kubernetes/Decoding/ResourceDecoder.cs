using System.Collections.Immutable;
using System.Text.Json;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>
/// JSON of the Kubernetes API to resources, straight from the bytes. Total: whatever the bytes are, the answer is a
/// value. Holds a table of shared strings, so use one decoder per reader; not thread-safe.
/// </summary>
/// <param name="defaultNamespace">For objects without one (manifests); null where an object must have one (API server).</param>
public sealed class ResourceDecoder(string? defaultNamespace = null)
{
    private readonly Utf8StringCache _strings = new();

    public DecodeResult Decode(ResourceKind kind, ReadOnlySpan<byte> json) => Decode(ObjectType.Of(kind), json);

    /// <summary>Reads <c>{"type":…,"object":…}</c>.</summary>
    public WatchEvent DecodeWatchEvent(ResourceKind kind, ReadOnlySpan<byte> json) => DecodeWatchEvent(ObjectType.Of(kind), json);

    /// <summary>Reads a list or says why this is none: an HTML page, a cut body and <c>{}</c> are not empty lists.</summary>
    public ListPage? DecodeList(ResourceKind kind, ReadOnlySpan<byte> json, out string? error) => DecodeList(ObjectType.Of(kind), json, out error);

    internal DecodeResult Decode(ObjectType type, ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new FieldReader(json, _strings);
            return type.Decode(ref reader, defaultNamespace, out _);
        }
        catch (JsonException e)
        {
            return new DecodeResult(null, NotJson(e));
        }
    }

    internal WatchEvent DecodeWatchEvent(ObjectType type, ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadWatchEvent(type, json);
        }
        catch (JsonException e)
        {
            return Unreadable(NotJson(e));
        }
    }

    internal ListPage? DecodeList(ObjectType type, ReadOnlySpan<byte> json, out string? error)
    {
        try
        {
            return ReadList(type, json, out error);
        }
        catch (JsonException e)
        {
            error = NotJson(e);
            return null;
        }
    }

    /// <summary>Reads metav1.Status; null when this is none.</summary>
    public static ApiStatus? DecodeStatus(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new FieldReader(json, new Utf8StringCache());
            return StatusDecoder.Read(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private WatchEvent ReadWatchEvent(ObjectType objectType, ReadOnlySpan<byte> json)
    {
        var reader = new FieldReader(json, _strings);
        WatchEventType? type = null;
        ReadOnlySpan<byte> early = default;
        WatchEvent? result = null;
        if (!reader.EnterObject())
            return Unreadable(reader.Error ?? "the event is null");
        while (reader.NextField())
        {
            if (reader.Is("type"u8))
                type = EventType(reader.SharedText());
            else if (!reader.Is("object"u8))
                reader.Skip();
            else if (type is { } known)
                result = ReadEventObject(objectType, known, ref reader);
            else
                early = reader.Raw();
        }

        if (result is null && type is { } late && !early.IsEmpty)
        {
            var objectReader = new FieldReader(early, _strings);
            result = ReadEventObject(objectType, late, ref objectReader);
        }

        return result ?? Unreadable(type is null ? "the event has no type that is known" : "the event has no object");
    }

    private WatchEvent ReadEventObject(ObjectType objectType, WatchEventType type, ref FieldReader reader)
    {
        if (type == WatchEventType.Error)
        {
            var status = StatusDecoder.Read(ref reader) ?? new ApiStatus(0, "", "error event without a Status", null);
            return new WatchEvent(type, null, default, null, status, null);
        }

        var decoded = objectType.Decode(ref reader, defaultNamespace, out var meta);
        if (type == WatchEventType.Bookmark)
            return new WatchEvent(type, null, default, meta.ResourceVersion, null, null);
        return new WatchEvent(type, decoded.Resource, decoded.Resource?.Key ?? default, meta.ResourceVersion, null, decoded.Error);
    }

    private ListPage? ReadList(ObjectType type, ReadOnlySpan<byte> json, out string? error)
    {
        var reader = new FieldReader(json, _strings);
        string? listKind = null, version = null, next = null;
        var hasItems = false;
        var items = ImmutableArray.CreateBuilder<Resource>();
        var problems = ImmutableArray.CreateBuilder<string>();
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("kind"u8))
                    listKind = reader.SharedText();
                else if (reader.Is("metadata"u8))
                    ReadListMeta(ref reader, ref version, ref next);
                else if (reader.Is("items"u8))
                    hasItems = ReadItems(type, ref reader, items, problems);
                else
                    reader.Skip();
            }
        }

        error = ListError(type.Kind, listKind is not null && listKind == type.MetadataListKind ? $"{type.Kind}List" : listKind, version, hasItems);
        return error is null ? new ListPage(items.DrainToImmutable(), version!, next, problems.DrainToImmutable()) : null;
    }

    internal static string? ListError(string kind, string? listKind, string? version, bool hasItems)
    {
        if (!string.Equals(listKind, $"{kind}List", StringComparison.Ordinal))
            return $"expected kind {kind}List, found {Quoted.Text(listKind ?? "")}";
        if (string.IsNullOrEmpty(version))
            return $"the {kind}List has no metadata.resourceVersion";
        return hasItems ? null : $"the {kind}List has no items";
    }

    private bool ReadItems(
        ObjectType type,
        ref FieldReader reader,
        ImmutableArray<Resource>.Builder items,
        ImmutableArray<string>.Builder problems)
    {
        // "items": null is how Go writes an empty list that was never made.
        if (reader.IsNull())
            return true;
        if (!reader.EnterArray())
            return false;
        while (reader.NextItem())
        {
            var decoded = type.Decode(ref reader, defaultNamespace, out _);
            if (decoded.Resource is { } resource)
                items.Add(resource);
            else if (decoded.Error is { } problem)
                problems.Add(problem);
        }

        return true;
    }

    internal static void ReadListMeta(ref FieldReader reader, ref string? version, ref string? next)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("resourceVersion"u8))
                version = reader.Text();
            else if (reader.Is("continue"u8))
                next = reader.Text();
            else
                reader.Skip();
        }
    }

    private static WatchEventType? EventType(string? type) => type switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        "ERROR" => WatchEventType.Error,
        _ => null,
    };

    private static WatchEvent Unreadable(string problem) => new(WatchEventType.Unreadable, null, default(ObjectKey), null, null, problem);

    /// <summary>The position only: the reader's own words would quote bytes, perhaps of a Secret.</summary>
    internal static string NotJson(JsonException e) => $"not JSON, or cut short, at line {e.LineNumber + 1}, byte {e.BytePositionInLine}";
}
