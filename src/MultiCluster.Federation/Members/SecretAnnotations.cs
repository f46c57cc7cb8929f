using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// The Secrets that annotations name. Only those of the object's own namespace: whoever may write Ingresses in one namespace is not to use the
/// Secrets of another, and there is no grant yet by which that one could allow it.
/// </summary>
internal static class SecretAnnotations
{
    /// <param name="services">That the Ingress names.</param>
    public static SortedSet<ObjectKey> Of(IngressResource ingress, IEnumerable<ServiceResource> services)
    {
        var names = new SortedSet<ObjectKey>();
        AddTo(names, AnnotationPlaces.Ingress, ingress);
        foreach (var service in services)
            AddTo(names, AnnotationPlaces.Service, service);
        return names;
    }

    public static SortedSet<ObjectKey> Of(IngressCopy copy) => Of(copy.Ingress, copy.Services);

    private static void AddTo(SortedSet<ObjectKey> names, AnnotationPlaces place, Resource resource)
    {
        foreach (var (name, value) in resource.Meta.Annotations)
        {
            if (AnnotationIndex.Find(name) is { } known && NamesSecret(known.Entry, place) && Find(value.Trim(), resource.Key.Namespace) is { } secret)
                names.Add(secret);
        }
    }

    private static bool NamesSecret(AnnotationEntry entry, AnnotationPlaces place) =>
        entry.Value.IsSecret && (entry.Places & place) != AnnotationPlaces.None && entry.Status != AnnotationStatus.Refused;

    private static ObjectKey? Find(string value, string ownNamespace)
    {
        if (!ValueChecks.IsObject(value))
            return null;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 || value.AsSpan(0, slash).SequenceEqual(ownNamespace) ? new ObjectKey(ownNamespace, value[(slash + 1)..]) : null;
    }
}
