using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>deploy/kubernetes of this repository.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../deploy/kubernetes"));

    /// <summary>What is also applied file by file; the rest is patches and what overlays are made of.</summary>
    public static IEnumerable<string> All =>
        from folder in new[] { "crds", "examples", "rbac" }
        from file in Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.yaml", SearchOption.AllDirectories)
        where Path.GetFileName(file) != "kustomization.yaml"
        orderby file
        select Path.GetRelativePath(Folder, file);

    public static List<JsonObject> Read(string file)
    {
        var text = ManifestText.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Null(text.Error);
        return [.. text.Documents.Select(static document => JsonNode.Parse(document.Json.Span)!.AsObject())];
    }

    public static string Text(JsonNode? from, params string[] path) => path.Aggregate(from, static (node, name) => node?[name])?.GetValue<string>() ?? "";

    private static string Here([CallerFilePath] string path = "") => path;
}
