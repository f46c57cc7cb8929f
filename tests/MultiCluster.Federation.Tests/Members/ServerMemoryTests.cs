using System.Collections.Immutable;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>XT-44 for members of which too little is known for half of it to say anything: an API server that forgot is not one where something was deleted.</summary>
public sealed class ServerMemoryTests
{
    private static readonly ResourceKind[] Kinds =
        [ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice, ResourceKind.Secret];

    private static readonly ImmutableArray<Resource> Server = [Of(Make.Service("kubernetes"), "server"), Of(Make.Slice("kubernetes", "kubernetes", Make.Ready("10.9.9.9")), "server")];

    private readonly MemberView _view = new(Make.Aws, new ClassOptions(), new MemberViewOptions { HoldsShrinks = true });

    /// <summary>A shop, and what every API server makes itself.</summary>
    private static ImmutableArray<Resource> Shop =>
    [
        Of(Make.Ingress(Make.Rule("a.example", Make.Path("/", "s"))) with { ClassName = "ours" }, "ingress"),
        Of(new IngressClassResource(new ObjectMeta(new ObjectKey("", "ours"))) { Controller = ClassOptions.DefaultControllerName }, "class"),
        Of(Make.Service("s"), "service"),
        Of(Make.Slice("s-1", "s", Make.Ready("10.0.0.1")), "slice"),
        Of(Certificates.Stored("tls", ("c", "k")), "secret"),
        .. Server,
    ];

    [Fact]
    public void A_server_that_forgot_all_takes_nothing_away_in_whatever_order_it_says_so()
    {
        // The server makes its own Service anew, under the same name.
        Resource[] anew = [.. Server.Select(static item => Of(item, "anew"))];
        foreach (var first in Kinds)
        {
            var view = new MemberView(Make.Aws, new ClassOptions(), new MemberViewOptions { HoldsShrinks = true });
            List(view, Shop);
            var before = view.Snapshot();
            foreach (var kind in Kinds.Where(kind => kind != first).Prepend(first))
            {
                List(view, kind, anew);
                List(view, kind, anew);
            }

            Assert.Equal(Kinds, view.Held.Select(static held => held.Kind));
            Assert.Equal(before.Where(static change => change is CopyChange.IngressChanged), view.Snapshot().Where(static change => change is CopyChange.IngressChanged));
            Assert.NotEmpty(view.Approve());
            Assert.Equal(["web/kubernetes"], view.Snapshot().OfType<CopyChange.ServiceChanged>().Select(static change => change.Service.ToString()));
            Assert.Empty(view.Snapshot().OfType<CopyChange.IngressChanged>());
            Assert.Empty(view.Held);
        }
    }

    /// <summary>It was found out too late to hold anything. Later losses are judged by what is there since.</summary>
    [Fact]
    public void A_server_whose_objects_were_all_made_anew_before_anybody_looked_is_the_server_from_then_on()
    {
        List(_view, Shop);
        Resource[] anew = [.. Shop.Select(static item => Of(item, $"{item.Meta.Uid}-anew"))];
        foreach (var kind in Kinds)
            List(_view, kind, anew);
        Assert.Empty(_view.Held);

        foreach (var kind in Kinds)
            _view.Apply(new MemberEvent.Disconnected(kind, "refused"));
        List(_view, ResourceKind.Service, anew);
        List(_view, ResourceKind.Ingress, []);
        Assert.Empty(_view.Held);
    }

    [Theory]
    [InlineData(ResourceKind.Ingress)]
    [InlineData(ResourceKind.IngressClass)]
    [InlineData(ResourceKind.Secret)]
    public void The_last_object_of_a_kind_goes_as_soon_as_another_kind_shows_that_the_server_remembers(ResourceKind gone)
    {
        List(_view, Shop);
        List(_view, gone, []);
        Assert.Equal(gone, Assert.Single(_view.Held).Kind);

        // Made anew under the same name it proves nothing.
        List(_view, ResourceKind.Service, [.. Shop.Where(static item => item.Kind == ResourceKind.Service).Select(static item => Of(item, "anew"))]);
        Assert.Equal(gone, Assert.Single(_view.Held).Kind);
        List(_view, ResourceKind.EndpointSlice, Shop);
        Assert.Empty(_view.Held);
        Assert.Empty(_view.Approve());
        List(_view, ResourceKind.EndpointSlice, Shop);
        Assert.Equal(gone != ResourceKind.Ingress, _view.Snapshot().OfType<CopyChange.IngressChanged>().Any());
    }

    [Theory]
    [InlineData("lost, other lost, other listed, listed", false)]
    [InlineData("other listed, lost, listed", true)]
    [InlineData("lost, other listed, other lost, listed", true)]
    [InlineData("lost, other lost, other listed, found, listed", true)]
    [InlineData("other lost, other listed, listed", true)]
    // A server that forgot what came before opens a watch all the same, and then asks for a list.
    [InlineData("lost, other lost, other listed, found, listed at once", false)]
    [InlineData("lost, other lost, found, other listed, listed at once", false)]
    [InlineData("lost, other lost, found, listed at once", true)]
    [InlineData("lost, other lost, found, listed at once, other listed", false)]
    [InlineData("lost, other listed, found, other lost, listed at once", true)]
    [InlineData("lost, other listed, found, lost, listed at once", true)]
    [InlineData("lost, other listed, found, listed whole, listed at once", true)]
    public void A_proof_counts_where_it_is_of_the_same_outage_and_its_kind_can_be_read_since(string steps, bool isHeld)
    {
        List(_view, Shop);
        foreach (var step in steps.Split(", "))
        {
            switch (step)
            {
                case "lost":
                    _view.Apply(new MemberEvent.Disconnected(ResourceKind.Ingress, "refused"));
                    break;
                case "found":
                    _view.Apply(new MemberEvent.Connected(ResourceKind.Ingress));
                    break;
                case "listed":
                    List(_view, ResourceKind.Ingress, []);
                    break;
                case "listed at once":
                    _view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, []) { FollowsOutage = true });
                    break;
                case "listed whole":
                    List(_view, ResourceKind.Ingress, Shop);
                    break;
                case "other lost":
                    _view.Apply(new MemberEvent.Disconnected(ResourceKind.Service, "refused"));
                    break;
                case "other listed":
                    List(_view, ResourceKind.Service, Shop);
                    break;
                default:
                    Assert.Fail(step);
                    break;
            }
        }

        Assert.Equal(isHeld, _view.IsHolding);
    }

    [Fact]
    public void Objects_that_are_there_again_end_the_hold_of_those_that_are_not()
    {
        List(_view, Shop);
        var second = Of(Make.Ingress(Make.Rule("b.example", Make.Path("/", "s"))).Named("second"), "second");
        _view.Apply(new MemberEvent.Upserted(second));
        List(_view, ResourceKind.Ingress, []);
        Assert.Equal(2, Assert.Single(_view.Held).Count);

        var changes = List(_view, ResourceKind.Ingress, [second]);
        Assert.Empty(_view.Held);
        Assert.Equal(new CopyChange.IngressChanged(Make.Shop, null), Assert.Single(changes));
    }

    [Fact]
    public void More_than_half_of_much_stays_held_whatever_is_remembered()
    {
        List(_view, [.. Shop, .. Enumerable.Range(0, 8).Select(static i => Make.Ingress(Make.Rule("b.example", Make.Path("/", "s"))).Named($"i{i}"))]);
        List(_view, ResourceKind.Ingress, []);
        List(_view, ResourceKind.Service, Shop);
        Assert.Equal(9, Assert.Single(_view.Held).Count);
    }

    [Fact]
    public void A_member_of_less_than_five_objects_and_a_slice_under_another_name_are_not_held()
    {
        List(_view, [.. Shop.Take(4)]);
        foreach (var kind in Kinds)
            List(_view, kind, []);
        Assert.False(_view.IsHolding);
        Assert.Empty(_view.Snapshot());

        List(_view, [.. Shop.Take(5)]);
        List(_view, ResourceKind.EndpointSlice, [Of(Make.Slice("s-2", "s", Make.Ready("10.0.0.1")), "slice-2")]);
        Assert.False(_view.IsHolding);
    }

    [Theory]
    [InlineData("ingress 2 a, service 3 b", "ingress 0, service 3 b", "")]
    [InlineData("ingress 2 a, service 3 b", "ingress 0, service 1 c", "Ingress Service")]
    [InlineData("ingress 2 a, service 3 b", "ingress 1 d, service 3 c", "Ingress")]
    [InlineData("ingress 2 a, service 3 b", "ingress 2 d, service 4 c", "")]
    [InlineData("ingress 2 a, service 3 b", "ingress 0", "")]
    [InlineData("ingress 1 a, service 3 b", "ingress 0, service 1 c", "")]
    [InlineData("ingress 2, service 3", "ingress 0, service 1", "")]
    [InlineData("ingress 9 a, service 3 b", "ingress 1 d, service 3 b", "Ingress")]
    public void A_first_list_that_lacks_anything_is_held_where_no_kind_has_its_oldest_object(string before, string now, string lost) =>
        Assert.Equal(lost, string.Join(' ', FootprintRule.Losses(Counts(before), Counts(now)).Select(static loss => loss.Kind)));

    [Theory]
    [InlineData("ingress 2 a", "ingress 2 a", false)]
    [InlineData("ingress 2 a", "ingress 2 b", true)]
    [InlineData("ingress 2", "ingress 2 b", true)]
    [InlineData("ingress 0", "ingress 1", true)]
    [InlineData("ingress 1 a", "ingress 2 a", false)]
    public void What_would_not_know_the_server_again_is_written_anew(string written, string now, bool isOutdated) =>
        Assert.Equal(isOutdated, FootprintRule.IsOutdated(Counts(written), Counts(now)));

    [Fact]
    public void The_oldest_object_of_each_kind_stands_for_it()
    {
        var older = Of(Make.Ingress().Named("z").CreatedOn(1), "older");
        var newer = Of(Make.Ingress().Named("a").CreatedOn(2), "newer");
        List(_view, [newer, older]);
        Assert.Equal(["older", "", "", "", ""], _view.Footprint().Select(static count => count.Oldest));
    }

    private static EquatableArray<KindCount> Counts(string text) =>
    [
        .. text.Split(", ").Select(static item => item.Split(' ')).Select(static words => new KindCount(
            Enum.Parse<ResourceKind>(words[0], ignoreCase: true), long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), words.ElementAtOrDefault(2) ?? "")),
    ];

    private static T Of<T>(T resource, string uid)
        where T : Resource => resource with { Meta = resource.Meta with { Uid = uid } };

    private static void List(MemberView view, ImmutableArray<Resource> items)
    {
        foreach (var kind in Kinds)
            List(view, kind, items);
    }

    /// <param name="items">Those of other kinds are left out.</param>
    private static IReadOnlyList<CopyChange> List(MemberView view, ResourceKind kind, IEnumerable<Resource> items) =>
        view.Apply(new MemberEvent.Listed(kind, [.. items.Where(item => item.Kind == kind)]));
}
