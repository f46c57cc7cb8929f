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

    /// <param name="before">The array that is there; a condition whose status stays keeps its time.</param>
    public static void Write(
        Utf8JsonWriter json, ImmutableArray<StatusCondition> conditions, JsonElement before, long? observedGeneration, DateTimeOffset now)
    {
        json.WriteStartArray("conditions");
        foreach (var condition in conditions.OrderBy(static c => c.Type, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("type", condition.Type);
            json.WriteString("status", condition.StatusText);
            json.WriteString("reason", condition.Reason);
            json.WriteString("message", condition.Message.Length > MaxMessage ? condition.Message[..MaxMessage] : condition.Message);
            json.WriteString("lastTransitionTime", TransitionTime(condition, before) ?? Time(now));
            if (observedGeneration is { } generation)
                json.WriteNumber("observedGeneration", generation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>RFC 3339 in whole seconds, as metav1.Time.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? TransitionTime(StatusCondition condition, JsonElement before)
    {
        if (before.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var item in before.EnumerateArray())
        {
            if (JsonText.Of(item, "type") == condition.Type)
                return JsonText.Of(item, "status") == condition.StatusText ? JsonText.Of(item, "lastTransitionTime") : null;
        }

        return null;
    }
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
