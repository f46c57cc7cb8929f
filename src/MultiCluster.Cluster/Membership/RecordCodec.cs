using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiCluster.Cluster.Membership;

/// <summary>Keys and JSON of the records in the lease store. Unknown members are skipped, so a later build may add some.</summary>
internal static class RecordCodec
{
    public const string ClusterKey = "cluster";
    public const string EpochKey = "epoch";
    public const string NodePrefix = "node-";
    public const string ShardPrefix = "shard-";

    public static string NodeKey(string name) => NodePrefix + name;

    public static string ShardKey(int shard) => string.Create(CultureInfo.InvariantCulture, $"{ShardPrefix}{shard:d4}");

    public static string Encode(NodeRecord record) => JsonSerializer.Serialize(record, RecordJson.Default.NodeRecord);

    public static string Encode(ShardRecord record) => JsonSerializer.Serialize(record, RecordJson.Default.ShardRecord);

    public static string Encode(ClusterRecord record) => JsonSerializer.Serialize(record, RecordJson.Default.ClusterRecord);

    public static string Encode(EpochRecord record) => JsonSerializer.Serialize(record, RecordJson.Default.EpochRecord);

    /// <returns>Null for a key that is not ours.</returns>
    /// <exception cref="JsonException">Ours, but not readable.</exception>
    public static object? Decode(string key, string value)
    {
        object? record = key switch
        {
            ClusterKey => JsonSerializer.Deserialize(value, RecordJson.Default.ClusterRecord),
            EpochKey => JsonSerializer.Deserialize(value, RecordJson.Default.EpochRecord),
            _ when key.StartsWith(NodePrefix, StringComparison.Ordinal) => JsonSerializer.Deserialize(value, RecordJson.Default.NodeRecord),
            _ when key.StartsWith(ShardPrefix, StringComparison.Ordinal) => JsonSerializer.Deserialize(value, RecordJson.Default.ShardRecord),
            _ => Foreign.Instance,
        };
        if (record is null)
            throw new JsonException("null");
        return record is Foreign ? null : record;
    }

    private sealed class Foreign
    {
        public static readonly Foreign Instance = new();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(ShardRecord))]
[JsonSerializable(typeof(ClusterRecord))]
[JsonSerializable(typeof(EpochRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
