using MultiCluster.Federation.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>Which Ingresses are to be moved: all but those whose class is, as far as is known, another controller's.</summary>
internal sealed class ControllersOfClasses(IEnumerable<IngressClassResource> classes)
{
    private static readonly string[] Moved = ["haproxy.org/", "haproxy-ingress.github.io/", "k8s.io/ingress-nginx", ClassOptions.DefaultControllerName];

    private readonly Dictionary<string, IngressClassResource> _classes =
        classes.DistinctBy(static item => item.Key.Name).ToDictionary(static item => item.Key.Name, StringComparer.Ordinal);

    public bool IsMoved(IngressResource ingress)
    {
        var name = string.IsNullOrEmpty(ingress.ClassName) ? ingress.Meta.Annotations.Find(ClassOptions.LegacyAnnotation) : ingress.ClassName;
        return name is null || !_classes.TryGetValue(name, out var found) || Array.Exists(Moved, controller => found.Controller.StartsWith(controller, StringComparison.Ordinal));
    }
}
