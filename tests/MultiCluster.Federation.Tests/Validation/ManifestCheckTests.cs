using MultiCluster.Federation.Validation;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Validation;

public sealed class ManifestCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly ObjectKey Shop = new("shop", "shop");

    [Fact]
    public void What_is_whole_has_no_finding() => Assert.Empty(Of(Ingress(Shop), Service(Shop)).Findings);

    [Fact]
    public void What_the_configuration_has_to_allow_is_a_warning()
    {
        var finding = Assert.Single(Of(Ingress(Shop, ("haproxy-ingress.github.io/waf", "modsecurity")), Service(Shop)).Findings);
        Assert.Equal(FindingLevel.Warning, finding.Level);
        Assert.StartsWith("needs the operator's word: ", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotation_of_a_Service_is_told_of_the_Service_whether_an_Ingress_names_it_or_not()
    {
        var service = Service(Shop, ("haproxy.org/load-balance", "best"));
        var named = Assert.Single(Of(Ingress(Shop), service).Findings);
        var alone = Assert.Single(Of(service).Findings);
        Assert.Equal(named, alone);
        Assert.Equal((ResourceKind.Service, Shop, "annotation haproxy.org/load-balance", FindingLevel.Error), (alone.Kind, alone.Key, alone.Field, alone.Level));
    }

    [Fact]
    public void The_order_of_the_objects_makes_no_difference()
    {
        Resource[] objects = [Ingress(Shop), Ingress(new ObjectKey("zoo", "thief")), Service(Shop, ("haproxy.org/maxconn", "1"))];
        Assert.Equal(Of(objects), Of([.. objects.Reverse()]));
    }

    [Fact]
    public void Of_two_Ingresses_with_one_path_the_loser_is_told()
    {
        var finding = Assert.Single(Of(Ingress(Shop), Service(Shop), Ingress(new ObjectKey("zoo", "thief")), Service(new ObjectKey("zoo", "thief"))).Findings);
        Assert.Equal((new ObjectKey("zoo", "thief"), Reasons.PathConflict, FindingLevel.Error), (finding.Key, finding.Reason, finding.Level));
    }

    [Fact]
    public void A_template_is_judged_although_its_clusters_are_not_known()
    {
        var federated = new FederatedIngressResource(new ObjectMeta(Shop))
        {
            Template = Ingress(Shop) with { Rules = [new IngressRule("no host", [new IngressPath("/", "Prefix", new IngressBackend("shop", null, 80))])] },
            Placement = new FederatedPlacement(["aws"], EquatableMap.From([KeyValuePair.Create("tier", "front")])),
        };
        var finding = Assert.Single(Of(federated).Findings);
        Assert.Equal((ResourceKind.FederatedIngress, Reasons.InvalidHost), (finding.Kind, finding.Reason));
    }

    [Theory]
    [InlineData("aws", null)]
    [InlineData("gpc", Reasons.UnknownCluster)]
    public void Clusters_are_known_once_they_are_named(string placed, string? reason)
    {
        var federated = new FederatedIngressResource(new ObjectMeta(Shop)) { Template = Ingress(Shop), Placement = new FederatedPlacement([placed], EquatableMap.Empty) };
        var verdict = ManifestCheck.Of(new ManifestInput([federated]) { Members = [new MemberName("aws"), new MemberName("gcp")] }, Now);
        Assert.Equal(reason is null ? [] : [reason], verdict.Findings.Select(static finding => finding.Reason).Where(static found => found != Reasons.NotPlaced && found != Reasons.ServiceNotFound));
    }

    private static ManifestVerdict Of(params Resource[] objects) => ManifestCheck.Of(new ManifestInput(objects.ToEquatableArray()), Now);

    private static IngressResource Ingress(ObjectKey key, params (string Name, string Value)[] annotations) => new(Meta(key, annotations))
    {
        Rules = [new IngressRule("shop.example", [new IngressPath("/", "Prefix", new IngressBackend(key.Name, null, 80))])],
    };

    private static ServiceResource Service(ObjectKey key, params (string Name, string Value)[] annotations) => new(Meta(key, annotations)) { Ports = [new ServicePort("", 80, "TCP", null, null)] };

    private static ObjectMeta Meta(ObjectKey key, (string Name, string Value)[] annotations) =>
        new(key) { Annotations = EquatableMap.From(annotations.Select(static item => KeyValuePair.Create(item.Name, item.Value))) };
}
