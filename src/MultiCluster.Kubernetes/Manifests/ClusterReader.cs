using System.Collections.Immutable;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Reads the objects of an API server once: a list of each kind, no watch.</summary>
public static class ClusterReader
{
    /// <param name="config">As loaded; names file and context in what is told.</param>
    /// <returns>Without files.</returns>
    public static async Task<ManifestReading> ReadAsync(
        KubeConfig config, IReadOnlyCollection<ResourceKind> kinds, TimeProvider time, CancellationToken cancellationToken)
    {
        using var client = new KubernetesClient(config, time);
        var decoder = new ResourceDecoder();
        var objects = ImmutableArray.CreateBuilder<ManifestObject>();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var kind in kinds)
        {
            var scope = WatchScope.Of(kind, null);
            var list = await new ListReader(scope, decoder).ReadAsync(client, cancellationToken);
            if (!list.Succeeded)
            {
                // Where it is not installed, or nobody is let in, nobody has been granted anything either.
                if (scope.Path.IsCustom && list.Error.Code is (403 or 404))
                    continue;
                problems.Add($"{config.Source}: {scope.Path.Plural} can't be listed: {list.Error}{FixOf(list.Error, scope.Path)}");
                // Whoever does not answer at all does not answer for the next kind either, only later.
                if (list.Error.Code == 0)
                    break;
                continue;
            }

            problems.AddRange(list.Value.Problems.Select(problem => $"{config.Source}: {problem}"));
            objects.AddRange(list.Value.Items.OrderBy(static item => item.Key).Select(static item => new ManifestObject("", item)));
        }

        return new ManifestReading(objects.DrainToImmutable(), problems.DrainToImmutable());
    }

    private static string FixOf(ApiError error, ResourcePath path) => error.Code switch
    {
        401 => "; renew the user's credentials in the kubeconfig",
        403 => $"; let the user list {path.QualifiedName} in all namespaces",
        0 when error.Reason == ApiError.Unreachable => "; is the server's address right, and can it be reached from here?",
        _ => "",
    };
}
