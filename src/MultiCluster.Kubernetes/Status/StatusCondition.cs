using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Kubernetes.Status;

/// <summary>metav1.Condition as a writer is given it; observedGeneration and lastTransitionTime are its business.</summary>
/// <param name="Type">Such as Accepted or Reachable.</param>
/// <param name="Status">Null: Unknown.</param>
/// <param name="Reason">CamelCase, stable, for programs.</param>
public sealed record StatusCondition(string Type, bool? Status, string Reason, string Message)
{
    public static StatusCondition Of(Condition condition) => new(condition.Type.ToString(), condition.Status, condition.Reason, condition.Message);

    internal string StatusText => Status switch
    {
        true => "True",
        false => "False",
        null => "Unknown",
    };
}

internal static class ConditionJson
{
    /// <summary>metav1.Condition allows no more.</summary>
    private const int MaxMessage = 32768;

    /// <summary>
    /// By type, as in a list of type map: each stays in its place, so that several writers of one object don't take turns for ever, and what is new comes last.
    /// </summary>
    /// <param name="before">The array that is there; a condition whose status stays keeps its time.</param>
    /// <param name="ours">The types that may be written and taken away; those of others stay as they are. Null: all.</param>
    public static void Write(
        Utf8JsonWriter json,
        ImmutableArray<StatusCondition> conditions,
        JsonElement before,
        IReadOnlySet<string>? ours,
        long? observedGeneration,
        DateTimeOffset now)
    {
        var wanted = new SortedDictionary<string, StatusCondition>(StringComparer.Ordinal);
        foreach (var condition in conditions)
            wanted[condition.Type] = condition;
        json.WriteStartArray("conditions");
        foreach (var item in Items(before))
        {
            var type = JsonText.Of(item, "type") ?? "";
            if (wanted.Remove(type, out var condition))
                Write(json, condition, item, observedGeneration, now);
            else if (ours?.Contains(type) == false)
                item.WriteTo(json);
        }

        foreach (var condition in wanted.Values)
            Write(json, condition, default, observedGeneration, now);
        json.WriteEndArray();
    }

    /// <summary>RFC 3339 in whole seconds, as metav1.Time.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, StatusCondition condition, JsonElement before, long? observedGeneration, DateTimeOffset now)
    {
        var since = JsonText.Of(before, "status") == condition.StatusText ? JsonText.Of(before, "lastTransitionTime") : null;
        json.WriteStartObject();
        json.WriteString("type", condition.Type);
        json.WriteString("status", condition.StatusText);
        json.WriteString("reason", condition.Reason);
        json.WriteString("message", condition.Message.Length > MaxMessage ? condition.Message[..MaxMessage] : condition.Message);
        json.WriteString("lastTransitionTime", since ?? Time(now));
        if (observedGeneration is { } generation)
            json.WriteNumber("observedGeneration", generation);
        json.WriteEndObject();
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
}

internal static class JsonText
{
    /// <summary>Null when it is not there, or no text.</summary>
    public static string? Of(JsonElement from, string field) =>
        Field(from, field) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Null when it is no JSON.</summary>
    public static JsonDocument? Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An undefined element when it is not there.</summary>
    public static JsonElement Field(JsonElement from, string field) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(field, out var value) ? value : default;
}
