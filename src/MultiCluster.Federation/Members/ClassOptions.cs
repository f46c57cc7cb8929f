using System.Collections.Immutable;

namespace MultiCluster.Federation.Members;

/// <summary>Which Ingresses are ours.</summary>
/// <param name="ControllerName">spec.controller of our IngressClasses.</param>
/// <param name="WatchWithoutClass">Take Ingresses that name no class even if no class of ours is the member's default.</param>
public sealed record ClassOptions(string ControllerName = ClassOptions.DefaultControllerName, bool WatchWithoutClass = false)
{
    public const string DefaultControllerName = "multicluster-ingress.github.io/controller";

    /// <summary>The annotation that spec.ingressClassName replaced in Kubernetes 1.18.</summary>
    public const string LegacyAnnotation = "kubernetes.io/ingress.class";

    /// <summary>All that mean the same: HAProxy's own controller reads the key under any prefix, and no order among them.</summary>
    public static readonly ImmutableArray<string> Annotations =
        [LegacyAnnotation, "haproxy.org/ingress.class", "haproxy.com/ingress.class", "ingress.kubernetes.io/ingress.class"];
}
