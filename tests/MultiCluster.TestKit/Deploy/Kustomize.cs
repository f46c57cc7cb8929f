using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.TestKit.Deploy;

/// <summary>Renders directories of deploy/kubernetes as "kubectl apply -k" would apply them; each once.</summary>
public static class Kustomize
{
    public static readonly IReadOnlyList<string> Overlays = ["aws", "bare-metal", "gcp", "home", "member", "single-cluster"];

    private static readonly ConcurrentDictionary<string, Task<string>> Rendered = new(StringComparer.Ordinal);

    private static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../deploy/kubernetes"));

    public static Task<IReadOnlyList<JsonObject>> OverlayAsync(string name) => RenderAsync($"overlays/{name}");

    /// <param name="directory">Below deploy/kubernetes.</param>
    /// <returns>The objects, new ones in each call.</returns>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string directory)
    {
        var text = ManifestText.Parse(Encoding.UTF8.GetBytes(await Rendered.GetOrAdd(directory, static path => RunAsync("kustomize", Path.Combine(Folder, path)))));
        return text.Error is null
            ? [.. text.Documents.Select(static document => JsonNode.Parse(document.Json.Span)!.AsObject())]
            : throw new InvalidOperationException($"what kubectl renders of {directory} can't be read: {text.Error}");
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Kubectl.Path ?? throw new InvalidOperationException(Kubectl.Missing), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {await errors}");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
