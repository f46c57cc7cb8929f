using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// The Secrets that annotations name. Whoever may write Ingresses in one namespace is not to use the Secrets of another, unless a ReferenceGrant of
/// that one lets him.
/// </summary>
internal static class SecretAnnotations
{
    /// <summary>Of whatever namespaces.</summary>
    /// <param name="services">That the Ingress names.</param>
    public static SortedSet<ObjectKey> Of(IngressResource ingress, IEnumerable<ServiceResource> services) =>
        [.. References(ingress, services).Select(static reference => reference.Secret)];

    /// <summary>Those that it may use.</summary>
    public static SortedSet<ObjectKey> Of(IngressCopy copy) =>
        [.. Of(copy.Ingress, copy.Services).Where(key => key.Namespace == copy.Ingress.Key.Namespace || copy.Granted.Contains(key))];

    /// <summary>Each with the annotation that names it, and the object that has the annotation.</summary>
    public static IEnumerable<(string Annotation, Resource Holder, ObjectKey Secret)> References(IngressResource ingress, IEnumerable<ServiceResource> services) =>
        References(AnnotationPlaces.Ingress, ingress).Concat(services.SelectMany(static service => References(AnnotationPlaces.Service, service)));

    private static IEnumerable<(string, Resource, ObjectKey)> References(AnnotationPlaces place, Resource holder)
    {
        foreach (var (name, value) in holder.Meta.Annotations)
        {
            if (AnnotationIndex.Find(name) is { } known && NamesSecret(known.Entry, place) && Find(value.Trim(), holder.Key.Namespace) is { } secret)
                yield return (name, holder, secret);
        }
    }

    private static bool NamesSecret(AnnotationEntry entry, AnnotationPlaces place) =>
        entry.Value.IsSecret && (entry.Places & place) != AnnotationPlaces.None && entry.Status is not (AnnotationStatus.Refused or AnnotationStatus.Needless);

    private static ObjectKey? Find(string value, string ownNamespace)
    {
        if (!ValueChecks.IsObject(value))
            return null;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return new ObjectKey(slash < 0 ? ownNamespace : value[..slash], value[(slash + 1)..]);
    }
}
