using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>A member read from its API server: list and watch of each kind, each on its own.</summary>
/// <param name="namespaces">Only these; empty for all. IngressClasses are cluster-wide and always read.</param>
public sealed class ApiServerMember(
    MemberName name,
    KubernetesClient client,
    IReadOnlyCollection<string> namespaces,
    ReflectorOptions options,
    TimeProvider time,
    ILogger<ApiServerMember> logger) : IMemberSource
{
    public string Description => client.Server.ToString();

    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outputs = new List<KindOutput>();
        var reflectors = new List<Task>();
        foreach (var resource in ResourcePath.Watched)
        {
            var scopes = Scopes(resource);
            var output = new KindOutput(scopes[0].Kind, sink, scopes.Count);
            outputs.Add(output);
            for (var i = 0; i < scopes.Count; i++)
                reflectors.Add(Reflect(scopes[i], i, output).RunAsync(stop.Token));
        }

        try
        {
            // A reflector ends by cancellation or by a bug; one bug must not leave a member half watched.
            await await Task.WhenAny(reflectors);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reflectors).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            outputs.ForEach(static output => output.Dispose());
        }
    }

    private Reflector Reflect(WatchScope scope, int index, KindOutput output) =>
        new(name.Value, client, scope, index, output, options, time, logger, new Random());

    private List<WatchScope> Scopes(ResourcePath resource)
    {
        var kind = Enum.Parse<ResourceKind>(resource.Kind);
        return resource.Namespaced && namespaces.Count > 0
            ? [.. namespaces.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(space => new WatchScope(kind, space))]
            : [new WatchScope(kind, null)];
    }
}
