using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class RankTests
{
    private static IngressCopy Copy(MemberName member, int day) =>
        Make.Ingress(Make.Rule("shop.example", Make.Path("/", member.Value))).CreatedOn(day).CopyIn(member);

    private static IngressMerge Next(IngressMerge before, params IngressCopy[] copies) =>
        IngressFederation.Merge(Make.Shop, copies, Make.Now, Federate.Three, before.Ranks);

    private static string Winner(IngressMerge merge) => Assert.Single(merge.Fragment!.Routes).Backend.Service.Name;

    [Fact]
    public void XT05_a_winner_deleted_gives_way_and_created_anew_is_first_again()
    {
        var both = Next(IngressMerge.Nothing, Copy(Make.Gcp, 1), Copy(Make.Aws, 2));
        var deleted = Next(both, Copy(Make.Aws, 2));
        var again = Next(deleted, Copy(Make.Gcp, 20), Copy(Make.Aws, 2));

        Assert.Equal(["gcp", "aws", "gcp"], ((IngressMerge[])[both, deleted, again]).Select(Winner));
        Assert.Equal([new RecordedRank(Make.Aws, Make.Day(2)), new RecordedRank(Make.Gcp, Make.Day(1))], again.Ranks);
        Assert.Contains(
            "the ages that count are those first seen: gcp created 2026-01-01 00:00:00Z (now created 2026-01-20 00:00:00Z), aws created 2026-01-02",
            again.Find(ConditionType.Conflict)!.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("first seen", both.Find(ConditionType.Conflict)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_are_forgotten_with_the_last_copy()
    {
        var both = Next(IngressMerge.Nothing, Copy(Make.Gcp, 1), Copy(Make.Aws, 2));
        var none = Next(both);
        var again = Next(none, Copy(Make.Gcp, 20), Copy(Make.Aws, 3));

        Assert.Empty(none.Ranks);
        Assert.Equal("aws", Winner(again));
        Assert.Empty(Next(both, Federate.Reference().Alone()).Ranks);
    }

    [Fact]
    public void A_clock_an_hour_off_decides_once_and_not_again()
    {
        var late = Copy(Make.Gcp, 1) with { Ingress = Copy(Make.Gcp, 1).Ingress with { Meta = Make.Meta(Make.Shop) with { CreationTimestamp = Make.Day(1).AddHours(1) } } };
        var early = late with { Ingress = late.Ingress with { Meta = late.Ingress.Meta with { CreationTimestamp = Make.Day(1).AddHours(-1) } } };

        var first = Next(IngressMerge.Nothing, late, Copy(Make.Aws, 1));

        Assert.Equal("aws", Winner(first));
        Assert.Equal("aws", Winner(Next(first, early, Copy(Make.Aws, 1))));
        Assert.Equal("gcp", Winner(Next(IngressMerge.Nothing, early, Copy(Make.Aws, 1))));
    }

    [Fact]
    public void XT04_equal_ages_are_parted_by_member_name_in_any_order_of_copies_and_records()
    {
        var recorded = Next(IngressMerge.Nothing, Copy(Make.Gcp, 1), Copy(Make.Aws, 1));

        Assert.Equal("aws", Winner(recorded));
        Assert.Equal(recorded.Fragment, Next(recorded, Copy(Make.Aws, 1), Copy(Make.Gcp, 1)).Fragment);
        Assert.Equal(recorded.Ranks, IngressFederation.Merge(Make.Shop, [Copy(Make.Aws, 1), Copy(Make.Gcp, 1)], Make.Now, Federate.Three, [.. recorded.Ranks.Reverse()]).Ranks);
    }

    [Fact]
    public void A_removed_member_has_neither_copies_nor_a_rank()
    {
        var both = Next(IngressMerge.Nothing, Copy(Make.Gcp, 1), Copy(Make.Aws, 2));
        var without = Federate.Three with { Members = new Dictionary<MemberName, Model.Traffic.MemberTraits>(Federate.Three.Members) { [Make.Gcp] = Federate.In("us") with { IsRemoved = true } } };

        var merge = IngressFederation.Merge(Make.Shop, [Copy(Make.Gcp, 1), Copy(Make.Aws, 2)], Make.Now, without, both.Ranks);

        Assert.Equal("aws", Winner(merge));
        Assert.Equal([new RecordedRank(Make.Aws, Make.Day(2))], merge.Ranks);
        Assert.DoesNotContain(merge.Fragment!.Conditions, static item => item.Member == Make.Gcp);
    }
}
