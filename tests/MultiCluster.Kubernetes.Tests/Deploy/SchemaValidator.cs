using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>
/// The part of structural schemas of CustomResourceDefinitions that ours use: types, required, enum, pattern, bounds, unknown fields, lists by key. A
/// keyword that it doesn't know is an error of the schema, so that nothing is passed over.
/// </summary>
internal sealed class SchemaValidator
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "type", "description", "format", "properties", "additionalProperties", "required", "items", "enum", "pattern", "default", "minimum", "maximum",
        "minLength", "maxLength", "maxItems", "x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys",
    };

    private readonly List<string> _errors = [];

    public static IReadOnlyList<string> Validate(JsonNode? value, JsonObject schema)
    {
        var validator = new SchemaValidator();
        validator.Check(value, schema, "");
        return validator._errors;
    }

    /// <summary>Whether the schema itself is one that an API server takes.</summary>
    public static IReadOnlyList<string> Lint(JsonObject schema)
    {
        var validator = new SchemaValidator();
        validator.LintAt(schema, "");
        return validator._errors;
    }

    private void Check(JsonNode? value, JsonObject schema, string path)
    {
        var type = schema["type"]!.GetValue<string>();
        if (!HasType(value, type))
        {
            _errors.Add($"{path}: expected {type}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
            _errors.Add($"{path}: {value} is none of {allowed.ToJsonString()}");
        switch (value)
        {
            case JsonObject fields:
                CheckFields(fields, schema, path);
                break;
            case JsonArray items:
                CheckItems(items, schema, path);
                break;
            case JsonValue scalar when type == "string":
                CheckText(scalar.GetValue<string>(), schema, path);
                break;
            case JsonValue scalar when type == "integer":
                CheckNumber(scalar.GetValue<long>(), schema, path);
                break;
        }
    }

    private void CheckFields(JsonObject fields, JsonObject schema, string path)
    {
        foreach (var name in Strings(schema["required"]).Where(name => !fields.ContainsKey(name)))
            _errors.Add($"{path}: {name} is missing");
        foreach (var (name, value) in fields)
        {
            if (schema["properties"]?[name] is JsonObject property)
                Check(value, property, $"{path}.{name}");
            else if (schema["additionalProperties"] is JsonObject any)
                Check(value, any, $"{path}.{name}");
            else if (!(path.Length == 0 && name == "metadata") && !path.StartsWith(".metadata", StringComparison.Ordinal))
                _errors.Add($"{path}.{name}: unknown field");
        }
    }

    private void CheckItems(JsonArray items, JsonObject schema, string path)
    {
        if (schema["maxItems"] is { } most && items.Count > most.GetValue<int>())
            _errors.Add($"{path}: more than {most} items");
        var keys = Strings(schema["x-kubernetes-list-map-keys"]).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            Check(items[i], schema["items"]!.AsObject(), $"{path}[{i}]");
            var key = keys.Count > 0 ? string.Join('\n', keys.Select(name => items[i]?[name]?.ToJsonString())) : items[i]?.ToJsonString() ?? "";
            if ((keys.Count > 0 || schema["x-kubernetes-list-type"]?.GetValue<string>() == "set") && !seen.Add(key))
                _errors.Add($"{path}[{i}]: duplicate {key}");
        }
    }

    private void CheckText(string text, JsonObject schema, string path)
    {
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            _errors.Add($"{path}: \"{text}\" does not match {pattern}");
        if (text.Length < (schema["minLength"]?.GetValue<int>() ?? 0) || text.Length > (schema["maxLength"]?.GetValue<int>() ?? int.MaxValue))
            _errors.Add($"{path}: \"{text}\" is too short or too long");
        if (schema["format"]?.GetValue<string>() == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
            _errors.Add($"{path}: \"{text}\" is no date-time");
    }

    private void CheckNumber(long number, JsonObject schema, string path)
    {
        if (number < (schema["minimum"]?.GetValue<long>() ?? long.MinValue) || number > (schema["maximum"]?.GetValue<long>() ?? long.MaxValue))
            _errors.Add($"{path}: {number} is out of range");
    }

    private void LintAt(JsonObject schema, string path)
    {
        foreach (var (name, _) in schema.Where(static field => !Known.Contains(field.Key)))
            _errors.Add($"{path}: the schema has an unknown keyword {name}");
        if (schema["type"]?.GetValue<string>() is not ("object" or "array" or "string" or "integer" or "boolean"))
            _errors.Add($"{path}: the schema has no type");
        if (schema["default"] is { } fallback)
            Check(fallback, schema, $"{path}(default)");
        if (schema["properties"] is not null && schema["additionalProperties"] is not null)
            _errors.Add($"{path}: properties and additionalProperties exclude each other");
        foreach (var name in Strings(schema["required"]).Where(name => schema["properties"]?[name] is null))
            _errors.Add($"{path}: {name} is required and not described");
        foreach (var key in Strings(schema["x-kubernetes-list-map-keys"]))
            LintKey(schema, key, path);
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            LintAt(property!.AsObject(), $"{path}.{name}");
        if (schema["items"] is JsonObject items)
            LintAt(items, $"{path}[]");
        if (schema["additionalProperties"] is JsonObject any)
            LintAt(any, $"{path}.*");
    }

    /// <summary>A key of a list of maps must be required, or have a default.</summary>
    private void LintKey(JsonObject schema, string key, string path)
    {
        if (!Strings(schema["items"]?["required"]).Contains(key, StringComparer.Ordinal) && schema["items"]?["properties"]?[key]?["default"] is null)
            _errors.Add($"{path}: the key {key} must be required");
    }

    private static IEnumerable<string> Strings(JsonNode? array) => array is JsonArray items ? items.Select(static item => item!.GetValue<string>()) : [];

    private static bool HasType(JsonNode? value, string type) => (value?.GetValueKind(), type) switch
    {
        (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") => true,
        (JsonValueKind.True or JsonValueKind.False, "boolean") => true,
        (JsonValueKind.Number, "integer") => value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };
}
