using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Ingresses;

/// <summary>The Service, of the Ingress's own namespace, that takes requests while the one of their rule has no endpoint. Its first port is meant.</summary>
internal static class FallbackService
{
    public const string Key = "default-backend";

    private const string Name = "nginx.ingress.kubernetes.io/" + Key;

    /// <summary>For people.</summary>
    public static string Field { get; } = AnnotationCatalogue.Label(Name);

    /// <summary>Null when the Ingress names none that could be one.</summary>
    public static ObjectKey? Of(IngressResource ingress) =>
        ingress.Meta.Annotations.Find(Name)?.Trim() is { } name && IsName(name) ? new ObjectKey(ingress.Key.Namespace, name) : null;

    public static bool IsName(string name) => AnnotationIndex.Find(Name)!.Value.Entry.Value.ProblemOf(name) is null && DnsNames.IsLabel(name);

    /// <summary>As a rule would name it, or what the member lacks for it.</summary>
    public static (IngressBackend? Backend, Problem? Problem) Read(ObjectKey service, ServiceResource? found, MemberName member)
    {
        if (found is null)
            return (null, new Problem(Reasons.ServiceNotFound, Field, $"names Service {Shown.Key(service)}, which {member} does not have; create it there"));
        foreach (var port in found.Ports)
        {
            if (Backends.Protocols.IsTcp(port.Protocol))
                return (string.IsNullOrEmpty(port.Name) ? new IngressBackend(service.Name, null, port.Number) : new IngressBackend(service.Name, port.Name, null), null);
        }

        return (null, new Problem(Reasons.ServicePortNotFound, Field, $"names Service {Shown.Key(service)}, which has no TCP port in {member}; add one"));
    }
}
