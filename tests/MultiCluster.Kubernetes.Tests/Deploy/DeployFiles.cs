using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>deploy/kubernetes of this repository.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../deploy/kubernetes"));

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    public static List<JsonObject> Read(string file)
    {
        var text = ManifestText.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Null(text.Error);
        return [.. text.Documents.Select(static document => JsonNode.Parse(document.Json.Span)!.AsObject())];
    }

    public static string Text(JsonNode? from, params string[] path) => path.Aggregate(from, static (node, name) => node?[name])?.GetValue<string>() ?? "";

    private static string Here([CallerFilePath] string path = "") => path;
}
