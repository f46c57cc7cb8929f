using MultiCluster.Federation.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>Which Ingresses are to be moved: all but those whose class is, as far as is known, another controller's.</summary>
internal sealed class ControllersOfClasses(IEnumerable<IngressClassResource> classes)
{
    private static readonly string[] Moved = ["haproxy.org/", "haproxy-ingress.github.io/", "k8s.io/ingress-nginx", ClassOptions.DefaultControllerName];

    private readonly Dictionary<string, IngressClassResource> _classes =
        classes.DistinctBy(static item => item.Key.Name).ToDictionary(static item => item.Key.Name, StringComparer.Ordinal);

    /// <summary>Classes of Ingresses that are to be moved.</summary>
    public IEnumerable<IngressClassResource> Ours => _classes.Values.Where(IsMoved);

    public bool IsMoved(IngressResource ingress)
    {
        var name = ClassIndex.NameOf(ingress).Name;
        return name is null || !_classes.TryGetValue(name, out var found) || IsMoved(found);
    }

    /// <summary>Null when it is not known.</summary>
    public IngressClassResource? ClassOf(IngressResource ingress) => ClassIndex.NameOf(ingress).Name is { } name
        ? _classes.GetValueOrDefault(name)
        : Ours.Where(static item => item.IsDefault).MinBy(static item => item.Key.Name, StringComparer.Ordinal);

    private static bool IsMoved(IngressClassResource item) => Array.Exists(Moved, controller => item.Controller.StartsWith(controller, StringComparison.Ordinal));
}
