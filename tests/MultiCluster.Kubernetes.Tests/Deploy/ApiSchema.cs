using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>
/// Whether an object fits the schema of its kind: of Kubernetes' own kinds by the types of its official client, which are made from its OpenAPI
/// description, with no field that they don't have; of other programs' kinds by the table of what we use of them.
/// </summary>
internal static class ApiSchema
{
    private static readonly Dictionary<(string ApiVersion, string Kind), Type> Types = typeof(V1Pod).Assembly.GetTypes()
        .Select(static type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(static item => item.Entity is not null)
        .ToDictionary(
            static item => (item.Entity!.Group.Length == 0 ? item.Entity.ApiVersion : $"{item.Entity.Group}/{item.Entity.ApiVersion}", item.Entity.Kind),
            static item => item.Type);

    private static readonly JsonSerializerOptions Strict = MakeStrict();

    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Problem(JsonObject item)
    {
        var (apiVersion, kind) = (DeployFiles.Text(item, "apiVersion"), DeployFiles.Text(item, "kind"));
        if (OtherKinds.Schemas.TryGetValue($"{apiVersion} {kind}", out var schema))
            return SchemaValidator.Validate(item, schema) is { Count: > 0 } errors ? string.Join("; ", errors) : null;
        if (!Types.TryGetValue((apiVersion, kind), out var type))
            return $"there is no {kind} in {apiVersion}";
        try
        {
            item.Deserialize(type, Strict);
            return null;
        }
        catch (JsonException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>The client's own converters, with a refusal of what it would pass over.</summary>
    private static JsonSerializerOptions MakeStrict()
    {
        JsonSerializerOptions? strict = null;
        KubernetesJson.AddJsonOptions(options => strict = new JsonSerializerOptions(options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });
        return strict!;
    }
}
