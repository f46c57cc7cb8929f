using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>XT-44 across lives of watchers: what a first list lacks is judged by numbers alone.</summary>
public sealed class FootprintRuleTests
{
    [Theory]
    [InlineData(500, 0, true)]
    [InlineData(500, 249, true)]
    [InlineData(500, 250, false)]
    [InlineData(500, 900, false)]
    [InlineData(5, 0, true)]
    [InlineData(5, 2, true)]
    [InlineData(5, 3, false)]
    [InlineData(4, 0, false)]
    [InlineData(0, 0, false)]
    public void More_than_half_of_five_or_more_is_a_loss(long had, long has, bool isLoss) =>
        Assert.Equal(isLoss, !FootprintRule.Losses(Of(had), Of(has)).IsEmpty);

    /// <summary>The rule is the one within a view, whose worth of an Ingress with one path is 1.</summary>
    [Fact]
    public void A_first_list_is_judged_as_a_later_one_would_be()
    {
        for (var had = 0; had <= 14; had++)
        {
            for (var has = 0; has <= had; has++)
            {
                var view = View();
                view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, Ingresses(had)));
                view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, Ingresses(has)));
                Assert.True(view.IsHolding == !FootprintRule.Losses(Of(had), Of(has)).IsEmpty, $"{had} to {has}");
            }
        }
    }

    [Fact]
    public void Only_kinds_that_have_been_counted_are_judged_and_a_member_without_memory_has_lost_nothing()
    {
        EquatableArray<KindCount> before = [new(ResourceKind.Ingress, 20), new(ResourceKind.EndpointSlice, 300), new(ResourceKind.Node, 7)];

        Assert.Empty(FootprintRule.Losses(before, []));
        Assert.Empty(FootprintRule.Losses([], before));
        var losses = FootprintRule.Losses(before, [new(ResourceKind.Ingress, 20), new(ResourceKind.EndpointSlice, 100), new(ResourceKind.Secret, 0)]);
        Assert.Equal(new KindLoss(ResourceKind.EndpointSlice, 300, 100), Assert.Single(losses));
        Assert.Equal("200 of 300 endpoints of kind EndpointSlice", losses[0].ToString());
    }

    /// <summary>First lists come one by one, and each is looked at.</summary>
    [Fact]
    public void A_server_has_forgotten_nothing_as_long_as_kinds_are_unread_but_Secrets_may_stay_so()
    {
        EquatableArray<KindCount> before = [new(ResourceKind.Ingress, 3, "i"), new(ResourceKind.EndpointSlice, 3, "e"), new(ResourceKind.Secret, 1, "s")];
        KindCount fewer = new(ResourceKind.EndpointSlice, 2, "another");

        Assert.Empty(FootprintRule.Losses(before, [fewer]));
        Assert.Empty(FootprintRule.Losses(before, [fewer, new(ResourceKind.Ingress, 3, "i")]));
        Assert.Equal(ResourceKind.EndpointSlice, Assert.Single(FootprintRule.Losses(before, [fewer, new(ResourceKind.Ingress, 3, "another")])).Kind);
    }

    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(100, 125, false)]
    [InlineData(100, 126, true)]
    [InlineData(100, 75, false)]
    [InlineData(100, 74, true)]
    [InlineData(8, 12, false)]
    [InlineData(8, 13, true)]
    [InlineData(8, 4, false)]
    [InlineData(8, 3, true)]
    [InlineData(5, 1, true)]
    [InlineData(0, 4, true)]
    [InlineData(4, 5, true)]
    [InlineData(4, 0, false)]
    public void Only_a_change_that_matters_is_written(long written, long now, bool isOutdated) =>
        Assert.Equal(isOutdated, FootprintRule.IsOutdated(Of(written), Of(now)));

    [Fact]
    public void What_is_written_is_never_so_old_that_it_holds_back_what_was_read_or_misses_that_all_is_gone()
    {
        for (var written = 0; written <= 80; written++)
        {
            for (var now = 0; now <= 160; now++)
            {
                if (FootprintRule.IsOutdated(Of(written), Of(now)))
                    continue;
                Assert.Empty(FootprintRule.Losses(Of(written), Of(now)));
                Assert.Equal(now >= 5 && written >= 5, written >= 5 && now >= 5 && !FootprintRule.Losses(Of(written), Of(0)).IsEmpty);
                Assert.False(written < 5 && now >= 5, $"{now} would be unprotected by {written}");
            }
        }
    }

    [Fact]
    public void A_kind_that_is_read_now_or_not_any_more_is_a_change()
    {
        Assert.True(FootprintRule.IsOutdated([], Of(0)));
        Assert.True(FootprintRule.IsOutdated([new(ResourceKind.Ingress, 9), new(ResourceKind.Node, 1)], Of(9)));
    }

    [Fact]
    public void Routes_of_ours_and_addresses_are_counted_once_they_can_be()
    {
        var view = View();
        view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, Ingresses(3)));
        Assert.Empty(view.Footprint());
        view.Apply(new MemberEvent.Listed(ResourceKind.EndpointSlice, [Make.Slice("s-1", "s", Make.Ready("10.0.0.1"), Make.Ready("10.0.0.2"))]));
        Assert.Equal([new KindCount(ResourceKind.EndpointSlice, 2)], view.Footprint());
        view.Apply(new MemberEvent.Listed(ResourceKind.IngressClass, []));
        Assert.Equal([new(ResourceKind.Ingress, 3), new(ResourceKind.IngressClass, 0), new(ResourceKind.EndpointSlice, 2)], view.Footprint());
    }

    private static MemberView View() => new(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { HoldsShrinks = true });

    private static EquatableArray<KindCount> Of(long count) => [new(ResourceKind.Ingress, count)];

    private static System.Collections.Immutable.ImmutableArray<Resource> Ingresses(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => Make.Ingress(Make.Rule("a.example", Make.Path("/", "s"))).Named($"i{i:d3}"))];
}
