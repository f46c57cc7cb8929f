using System.Text.Json;
using System.Text.Json.Nodes;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>An object at one resource version, as the bytes that every list and watch sends.</summary>
internal sealed record StoredObject(ObjectKey Key, ReadOnlyMemory<byte> Json, long ResourceVersion, string Uid, string SecretType)
{
    private static ReadOnlySpan<byte> Prefix => "{\"type\":\""u8;

    private static ReadOnlySpan<byte> Middle => "\",\"object\":"u8;

    private static ReadOnlySpan<byte> Suffix => "}\n"u8;

    public JsonObject ToNode() => JsonNode.Parse(Json.Span)!.AsObject();

    /// <summary>The line of a watch event with this object.</summary>
    public WatchRecord ToEvent(ReadOnlySpan<byte> type)
    {
        var line = new byte[Prefix.Length + type.Length + Middle.Length + Json.Length + Suffix.Length];
        var rest = line.AsSpan();
        Put(ref rest, Prefix);
        Put(ref rest, type);
        Put(ref rest, Middle);
        Put(ref rest, Json.Span);
        Put(ref rest, Suffix);
        return new WatchRecord(WatchSignal.Line, line, Key, ResourceVersion, SecretType) { IsObject = true };
    }

    /// <summary>
    /// <paramref name="json"/> with resourceVersion and uid put first into its metadata, and a creationTimestamp when it has
    /// none; it must have no resourceVersion.
    /// </summary>
    public static ReadOnlyMemory<byte> Stamped(ReadOnlySpan<byte> json, long resourceVersion, string uid, string created)
    {
        var at = MetadataStart(json);
        var stamp = json.IndexOf("\"creationTimestamp\""u8) < 0
            ? $"\"resourceVersion\":\"{resourceVersion}\",\"uid\":\"{uid}\",\"creationTimestamp\":\"{created}\","
            : $"\"resourceVersion\":\"{resourceVersion}\",\"uid\":\"{uid}\",";
        var stamped = new byte[json.Length + stamp.Length];
        json[..at].CopyTo(stamped);
        System.Text.Encoding.ASCII.GetBytes(stamp, stamped.AsSpan(at));
        json[at..].CopyTo(stamped.AsSpan(at + stamp.Length));
        return stamped;
    }

    private static int MetadataStart(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                return (int)reader.BytesConsumed;
            }

            reader.Read();
            reader.Skip();
        }

        throw new FormatException("the object has no metadata");
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
