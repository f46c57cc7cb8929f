using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Where the product reads a member from.</summary>
public enum Source
{
    ApiServer,
    Folder,
}

/// <summary>A member cluster that a test writes objects to.</summary>
internal interface IMemberDriver : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The member's block in the configuration file.</summary>
    string Configuration { get; }

    /// <summary>Creates or changes every object of a text.</summary>
    Task ApplyAsync(string manifests);

    Task DeleteAsync(ResourcePath resource, string ns, string name);
}

internal static class MemberDriver
{
    public static async Task<IMemberDriver> StartAsync(Source source, string name, string folder) => source == Source.Folder
        ? new FolderMember(name, Path.Combine(folder, name))
        : new ApiMember(await FakeCluster.StartAsync(new FakeClusterOptions { Name = name }));
}

/// <summary>A member behind an API server.</summary>
internal sealed class ApiMember(FakeCluster cluster) : IMemberDriver
{
    public FakeCluster Cluster => cluster;

    public string Name => cluster.Name;

    public string Configuration => $"{Name} {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}";

    public Task ApplyAsync(string manifests)
    {
        cluster.Apply(manifests);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(ResourcePath resource, string ns, string name)
    {
        Assert.True(cluster.Delete(resource, new ObjectKey(ns, name)), $"no {resource.Kind} {ns}/{name} to delete");
        return Task.CompletedTask;
    }

    /// <summary>What the product wrote to an Ingress' status: IP addresses and host names.</summary>
    public IReadOnlyList<string> StatusOf(string ns, string ingress) =>
        cluster.Get(ResourcePath.Ingresses, new ObjectKey(ns, ingress))?["status"]?["loadBalancer"]?["ingress"] is JsonArray entries
            ? [.. entries.Select(static entry => (string?)(entry!["ip"] ?? entry["hostname"]) ?? "")]
            : [];

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

/// <summary>A member in a folder: a file for each object, written aside and renamed.</summary>
internal sealed class FolderMember : IMemberDriver
{
    public FolderMember(string name, string folder)
    {
        Name = name;
        Folder = Directory.CreateDirectory(folder).FullName;
    }

    public string Name { get; }

    public string Folder { get; }

    public string Configuration => $"{Name} {{ manifests = \"{Folder}\" }}";

    public async Task ApplyAsync(string manifests)
    {
        foreach (var document in manifests.Split("---\n", StringSplitOptions.RemoveEmptyEntries))
            await WriteAsync(FileOf(document), document);
    }

    /// <summary>As it is, also when it is no manifest at all.</summary>
    public async Task WriteAsync(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        await File.WriteAllTextAsync(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    public Task DeleteAsync(ResourcePath resource, string ns, string name)
    {
        var path = Path.Combine(Folder, FileOf(resource.Kind, ns, name));
        Assert.True(File.Exists(path), $"no {resource.Kind} {ns}/{name} to delete");
        File.Delete(path);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => default;

    private static string FileOf(string document)
    {
        var parsed = ManifestText.Parse(Encoding.UTF8.GetBytes(document));
        Assert.True(parsed.Error is null, $"the test's own manifest is malformed, line {parsed.ErrorLine}: {parsed.Error}\n{document}");
        var node = JsonNode.Parse(parsed.Documents.Single().Json.Span)!;
        return FileOf((string)node["kind"]!, (string?)node["metadata"]!["namespace"] ?? "", (string)node["metadata"]!["name"]!);
    }

    private static string FileOf(string kind, string ns, string name) => $"{kind}.{ns}.{name}.yaml";
}
