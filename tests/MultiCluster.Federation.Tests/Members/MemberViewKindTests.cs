using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Members;

public sealed class MemberViewKindTests
{
    private static readonly IngressClassResource OurClass = new(new ObjectMeta(new ObjectKey("", "ours"))) { Controller = ClassOptions.DefaultControllerName };
    private static readonly IngressClassResource OtherClass = new(new ObjectMeta(new ObjectKey("", "theirs"))) { Controller = "other" };

    private static MemberView View(EndpointMode mode = EndpointMode.PodIP, bool isHome = false) => new(
        Make.Aws,
        new ClassOptions(),
        new MemberViewOptions { Access = new EndpointAccess(mode, new EndpointTransport(Tls: true)), IsHome = isHome });

    private static IReadOnlyList<CopyChange> Put(MemberView view, Resource resource) => view.Apply(new MemberEvent.Upserted(resource));

    private static IngressCopy IngressOf(IReadOnlyList<CopyChange> changes) => Assert.Single(changes.OfType<CopyChange.IngressChanged>()).Copy!;

    private static ServiceCopy ServiceOf(IReadOnlyList<CopyChange> changes) => Assert.IsType<CopyChange.ServiceChanged>(Assert.Single(changes)).Copy!;

    private static NodeResource Node(string name, string version = "1", bool takes = true) =>
        new(new ObjectMeta(new ObjectKey("", name)) { ResourceVersion = version, Labels = EquatableMap.From([new(MemberTraits.ZoneLabel, "z"), new("x", version)]) })
        {
            TakesTraffic = takes,
            Addresses = ["10.0.0.1"],
        };

    [Theory]
    [InlineData(EndpointMode.PodIP, false, 5, false)]
    [InlineData(EndpointMode.LoadBalancer, true, 6, false)]
    [InlineData(EndpointMode.NodePort, false, 6, true)]
    [InlineData(EndpointMode.Auto, true, 7, true)]
    public void It_reads_and_waits_for_the_kinds_that_it_needs(EndpointMode mode, bool isHome, int kinds, bool nodes)
    {
        var view = View(mode, isHome);

        Assert.Equal(kinds, view.Kinds.Count);
        Assert.Equal(nodes, view.Kinds.Contains(ResourceKind.Node));
        Assert.Equal(isHome, view.Kinds.Contains(ResourceKind.FederatedIngress));
        foreach (var kind in view.Kinds)
        {
            Assert.False(view.IsComplete);
            view.Apply(new MemberEvent.Listed(kind, []));
        }

        Assert.True(view.IsComplete);
    }

    [Fact]
    public void Kinds_that_are_not_read_mean_nothing()
    {
        var view = View();

        Assert.Empty(Put(view, Node("n1")));
        Assert.Empty(Put(view, Federate.Template()));
        view.Apply(new MemberEvent.Disconnected(ResourceKind.Node, "403"));
        Assert.Empty(view.Staleness);
    }

    [Fact]
    public void A_node_changes_the_services_that_are_reached_through_it_only_and_a_heartbeat_none()
    {
        var view = View(EndpointMode.Auto);
        Put(view, Make.Service("pods"));
        Put(view, Make.Service("nodes") with { Type = "NodePort" });

        var copy = ServiceOf(Put(view, Node("n1")));
        Assert.Equal(Make.Key("nodes"), copy.Service!.Key);
        Assert.Equal("n1", Assert.Single(copy.Nodes).Key.Name);
        Assert.Equal(EndpointMode.Auto, copy.Access.Mode);
        Assert.Empty(Put(view, Node("n1", "2")));
        Assert.Equal(["n0", "n1"], ServiceOf(Put(view, Node("n0"))).Nodes.Select(static node => node.Key.Name));
        Assert.Equal(["n0"], ServiceOf(Put(view, Node("n1", "3", takes: false))).Nodes.Select(static node => node.Key.Name));
        Assert.Empty(ServiceOf(view.Apply(new MemberEvent.Deleted(ResourceKind.Node, new ObjectKey("", "n0")))).Nodes);
        Assert.Empty(ServiceOf(Put(view, Make.Service("nodes"))).Nodes);
        Assert.Empty(Put(view, Node("n2")));
    }

    [Fact]
    public void A_template_is_judged_and_resolved_as_an_ingress_of_the_home_member()
    {
        var view = View(isHome: true);
        var template = Federate.Template();
        var federated = template with { ClassName = "ours", Template = template.Template! with { Tls = [new IngressTls([], "tls")] } };

        Assert.Equal(ClassVerdict.Missing, IngressOf(Put(view, federated)).Class);
        var ours = IngressOf(Put(view, OurClass));
        Assert.Equal((ClassVerdict.Ours, false), (ours.Class, ours.HasIngress));
        Assert.Equal(federated, ours.Federated);
        Assert.Equal("tls", Assert.Single(IngressOf(Put(view, Certificates.Stored("tls", ("c", "k")))).Secrets).Key.Name);
        Assert.Single(IngressOf(Put(view, Make.Service("federated"))).Services);

        var both = IngressOf(Put(view, Federate.Shop with { ClassName = "ours" }));
        Assert.True(both.HasIngress);
        Assert.Equal("federated", both.Ingress.Rules[0].Paths[0].Backend!.ServiceName);
        var own = IngressOf(view.Apply(new MemberEvent.Deleted(ResourceKind.FederatedIngress, Make.Shop)));
        Assert.Equal((null, "shop"), (own.Federated, own.Ingress.Rules[0].Paths[0].Backend!.ServiceName));
        Assert.Null(IngressOf(view.Apply(new MemberEvent.Deleted(ResourceKind.Ingress, Make.Shop))));
    }

    [Fact]
    public void A_reference_or_an_invalid_one_comes_beside_the_members_own_ingress()
    {
        var view = View(isHome: true);
        Put(view, OurClass);
        var own = Federate.Shop with { ClassName = "ours" };

        var alone = IngressOf(Put(view, Federate.Reference()));
        Assert.Equal((false, Make.Shop, 0), (alone.HasIngress, alone.Ingress.Key, alone.Ingress.Rules.Count));
        var beside = IngressOf(Put(view, own));
        Assert.Equal((true, own, Federate.Reference()), (beside.HasIngress, beside.Ingress, beside.Federated));
        view.Apply(new MemberEvent.Deleted(ResourceKind.FederatedIngress, Make.Shop));
        var invalid = Federate.Template() with { Reference = Federate.Reference().Reference };
        Assert.Equal((own, invalid), (IngressOf(Put(view, invalid)).Ingress, IngressOf([.. view.Snapshot()]).Federated));
    }

    [Fact]
    public void A_template_that_becomes_wrong_in_shape_stays_with_all_it_refers_to()
    {
        var view = View(isHome: true);
        Put(view, OurClass);
        var template = Federate.Template();
        var good = template with { ClassName = "ours", Template = template.Template! with { Tls = [new IngressTls([], "tls")] } };
        Put(view, good);
        var wrong = good with { Meta = good.Meta with { Generation = 2 }, Reference = Federate.Reference().Reference };

        var kept = IngressOf(Put(view, wrong));
        Assert.Equal(good with { Meta = wrong.Meta, Refused = new RefusedShape("spec", "has both template and resourceRef; remove one of them") }, kept.Federated);
        Assert.Equal((ClassVerdict.Ours, "federated"), (kept.Class, kept.Ingress.Rules[0].Paths[0].Backend!.ServiceName));
        Assert.Empty(view.Apply(new MemberEvent.Listed(ResourceKind.FederatedIngress, [wrong])));
        Assert.Single(IngressOf(Put(view, Certificates.Stored("tls", ("c", "k")))).Secrets);
        Assert.Equal(good, IngressOf(Put(view, good)).Federated);
        Put(view, wrong);
        Assert.Null(IngressOf(view.Apply(new MemberEvent.Deleted(ResourceKind.FederatedIngress, Make.Shop))));
    }

    [Fact]
    public void A_template_of_another_controller_is_left_to_it()
    {
        var view = View(isHome: true);
        Put(view, OurClass);
        Put(view, OtherClass);
        var own = Federate.Shop with { ClassName = "ours" };
        Put(view, own);

        Assert.Empty(Put(view, Federate.Template() with { ClassName = "theirs" }));
        Assert.Null(IngressOf([.. view.Snapshot()]).Federated);
    }
}
