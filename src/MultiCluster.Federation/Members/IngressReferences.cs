using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>The objects of its own namespace that an Ingress names.</summary>
internal sealed record IngressReferences(SortedSet<ObjectKey> Services, SortedSet<ObjectKey> Secrets)
{
    public static IngressReferences Of(IngressResource ingress)
    {
        var references = new IngressReferences([], []);
        references.AddService(ingress, ingress.DefaultBackend);
        foreach (var rule in ingress.Rules)
        {
            foreach (var path in rule.Paths)
                references.AddService(ingress, path.Backend);
        }

        if (FallbackService.Of(ingress) is { } fallback)
            references.Services.Add(fallback);
        foreach (var tls in ingress.Tls)
        {
            if (!string.IsNullOrEmpty(tls.SecretName))
                references.Secrets.Add(new ObjectKey(ingress.Key.Namespace, tls.SecretName));
        }

        return references;
    }

    /// <summary>Paths and default backend, at least 1.</summary>
    public static int RoutesOf(IngressResource ingress) =>
        Math.Max(1, ingress.Rules.Sum(static rule => rule.Paths.Count) + (ingress.DefaultBackend is null ? 0 : 1));

    private void AddService(IngressResource ingress, IngressBackend? backend)
    {
        if (!string.IsNullOrEmpty(backend?.ServiceName))
            Services.Add(new ObjectKey(ingress.Key.Namespace, backend.ServiceName));
    }
}
