using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>A cluster that a test writes objects to: ours in memory, or a real one given as a kubeconfig.</summary>
public interface ITestCluster : IAsyncDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>A kubeconfig file whose current context is this cluster.</summary>
    string KubeConfigPath { get; }

    /// <summary>Creates or changes every object of a YAML or JSON text, as kubectl apply does.</summary>
    Task ApplyAsync(string manifests, CancellationToken cancellationToken = default);

    /// <summary>False when there was no such object.</summary>
    Task<bool> DeleteAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken = default);

    /// <param name="json">A merge patch of the status, such as that of a Node or of a Service's load balancer.</param>
    Task PatchStatusAsync(ResourcePath resource, ObjectKey key, string json, CancellationToken cancellationToken = default);

    Task<JsonNode?> GetAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken = default);
}
