using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Validation;

/// <summary>What a controller would know of a member that holds the manifests and nothing else.</summary>
internal static class ManifestCopies
{
    /// <summary>As messages name it.</summary>
    public static readonly MemberName Member = new("cluster");

    /// <param name="mapsOfHeaders">Whether the operator names every ConfigMap among them as one of headers.</param>
    public static IReadOnlyList<CopyChange> Of(ManifestInput input, bool mapsOfHeaders)
    {
        var classes = input.Of<IngressClassResource>().ToList();
        var hasDefault = classes.Exists(static item => item is { IsDefault: true, Controller: ClassOptions.DefaultControllerName });
        var view = new MemberView(Member, new ClassOptions(WatchWithoutClass: !hasDefault), new MemberViewOptions
        {
            IsHome = true,
            ReadsGrants = true,
            TcpServices = input.TcpServices,
            HeaderMaps = mapsOfHeaders ? input.Of<ConfigMapResource>().Select(static map => map.Key).ToEquatableArray() : [],
        });
        var objects = input.Distinct().Select(input.WithoutPlaces).ToLookup(static item => item.Kind);
        foreach (var kind in view.Kinds.Prepend(ResourceKind.ConfigMap))
        {
            IEnumerable<Resource> items = kind == ResourceKind.IngressClass ? [.. classes, .. Assumed(input, classes)] : objects[kind];
            view.Apply(new MemberEvent.Listed(kind, [.. items]));
        }

        return view.Snapshot();
    }

    /// <summary>Classes are seldom kept with the Ingresses that name them.</summary>
    private static IEnumerable<IngressClassResource> Assumed(ManifestInput input, List<IngressClassResource> classes) =>
        input.Of<IngressResource>().Select(static ingress => ClassIndex.NameOf(ingress).Name)
            .Concat(input.Of<FederatedIngressResource>().SelectMany(static federated => (string?[])[federated.ClassName, federated.Template is { } template ? ClassIndex.NameOf(template).Name : null]))
            .Concat(input.Classes)
            .OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(name => !classes.Exists(item => item.Key.Name == name))
            .Select(name => new IngressClassResource(new ObjectMeta(new ObjectKey("", name)))
            {
                Controller = input.Classes.IsEmpty || input.Classes.Contains(name) ? ClassOptions.DefaultControllerName : "",
            });
}
