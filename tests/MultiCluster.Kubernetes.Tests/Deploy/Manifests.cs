using System.Text.Json.Nodes;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>Questions about rendered objects.</summary>
internal static class Manifests
{
    public static string Kind(JsonObject item) => DeployFiles.Text(item, "kind");

    public static string Name(JsonObject item) => DeployFiles.Text(item, "metadata", "name");

    public static IEnumerable<JsonObject> OfKind(this IEnumerable<JsonObject> items, params string[] kinds) => items.Where(item => kinds.Contains(Kind(item)));

    public static IEnumerable<JsonObject> Workloads(this IEnumerable<JsonObject> items) => items.OfKind("StatefulSet", "Deployment", "DaemonSet");

    public static JsonObject PodTemplate(JsonObject workload) => workload["spec"]!["template"]!.AsObject();

    public static IEnumerable<JsonObject> Items(JsonNode? array) => array?.AsArray().Select(static item => item!.AsObject()) ?? [];

    public static IEnumerable<string> Names(JsonNode? array) => Items(array).Select(static item => DeployFiles.Text(item, "name"));

    /// <summary>Whether labels have all that a selector asks for.</summary>
    public static bool Selects(JsonNode? selector, JsonNode? labels) =>
        selector is JsonObject wanted && wanted.Count > 0 && wanted.All(label => DeployFiles.Text(labels, label.Key) == label.Value!.GetValue<string>());

    /// <summary>What a ServiceAccount may do by the objects' roles and bindings, as "verb resource.group" and, of a Role, " in NAMESPACE".</summary>
    public static SortedSet<string> RightsOf(IReadOnlyCollection<JsonObject> items, string account)
    {
        var rights = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var binding in items.OfKind("ClusterRoleBinding", "RoleBinding").Where(binding => Names(binding["subjects"]).Contains(account)))
        {
            var (kind, name) = (DeployFiles.Text(binding, "roleRef", "kind"), DeployFiles.Text(binding, "roleRef", "name"));
            var role = items.OfKind(kind).Single(item => Name(item) == name);
            var place = Kind(binding) == "RoleBinding" ? $" in {DeployFiles.Text(binding, "metadata", "namespace")}" : "";
            rights.UnionWith(Granted(role).Select(right => right + place));
        }

        return rights;
    }

    public static IEnumerable<string> Granted(JsonObject role) =>
        from rule in role["rules"]!.AsArray()
        from apiGroup in rule!["apiGroups"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        let suffix = apiGroup!.GetValue<string>() is { Length: > 0 } name ? "." + name : ""
        select $"{verb}" + $" {resource}{suffix}";
}
