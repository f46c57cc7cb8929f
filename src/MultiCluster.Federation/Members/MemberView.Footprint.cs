using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

public sealed partial class MemberView
{
    /// <summary>How much there is of each kind that can be counted by now, held objects included. Costs the size of the member.</summary>
    public EquatableArray<KindCount> Footprint() => [.. _kinds.Where(IsCountable).Select(kind => new KindCount(kind, CountOf(kind), OldestOf(kind)))];

    /// <summary>
    /// Whether all that the copy refers to is there. Where a list may have lost half of what there was, a copy that lacks something is
    /// worse than the one its owner has.
    /// </summary>
    public static bool IsWhole(CopyChange change)
    {
        switch (change)
        {
            case CopyChange.ServiceChanged { Copy: { } service }:
                return service.Service is { } shape && (shape.ExternalName is not null || service.Slices.Any(static slice => ServiceStore.AddressesOf(slice) > 0));
            case CopyChange.IngressChanged { Copy: { } ingress }:
                var references = IngressReferences.Of(ingress.Ingress);
                return ingress.Class == ClassVerdict.Ours && references.Services.Count == ingress.Services.Count && references.Secrets.Count == ingress.Secrets.Count
                    && SecretAnnotations.Of(ingress).Count == ingress.AnnotationSecrets.Count;
            default:
                // It was there, and its deletion was observed.
                return true;
        }
    }

    /// <summary>Which Ingresses are ours can't be said without their classes; and nobody misses a pod that is no endpoint.</summary>
    private bool IsCountable(ResourceKind kind) => Lists(kind) && kind != ResourceKind.Pod
        && (kind != ResourceKind.Ingress || (Lists(ResourceKind.IngressClass) && (!_kinds.Contains(ResourceKind.FederatedIngress) || Lists(ResourceKind.FederatedIngress))));

    private long CountOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress => _ingressCopies.Values.Where(static copy => copy.Class == ClassVerdict.Ours).Sum(static copy => (long)IngressReferences.RoutesOf(copy.Ingress)),
        ResourceKind.EndpointSlice => _services.SliceKeys.Sum(key => (long)ServiceStore.AddressesOf(_services.FindSlice(key)!)),
        ResourceKind.Secret => _secrets.TlsCount,
        _ => KeysOf(kind).Count(),
    };

    /// <summary>Objects of all kinds, held ones included.</summary>
    private int Size => _kinds.Sum(kind => KeysOf(kind).Count());

    /// <summary>Whether the list has an object that was known, and not one made anew under its name.</summary>
    private bool Keeps(ResourceKind kind, ImmutableArray<Resource> items) =>
        items.Any(item => item.Kind == kind && Find(kind, item.Key) is { } known && known.Meta.Uid == item.Meta.Uid);

    /// <summary>Uid of the object that is least likely to be another one soon; empty without any. Found anew when something of the kind has changed.</summary>
    private string OldestOf(ResourceKind kind)
    {
        if (!_oldest.TryGetValue(kind, out var uid))
        {
            uid = KeysOf(kind).Select(key => Find(kind, key)!).MinBy(static item => (item.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue, item.Key))?.Meta.Uid ?? "";
            _oldest.Add(kind, uid);
        }

        return uid;
    }

    private ImmutableDictionary<ResourceKind, string> OldestOfAll() =>
        _kinds.Select(kind => KeyValuePair.Create(kind, OldestOf(kind))).Where(static item => item.Value.Length > 0).ToImmutableDictionary();
}
