using MultiCluster.Controller.Members;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;

namespace MultiCluster.Controller.Tests.Members;

public sealed class MemberCountsTests
{
    [Fact]
    public void Counts_follow_additions_changes_and_removals()
    {
        var counts = new MemberCounts();
        Assert.Equal((0, 0, 0), Note(counts));

        Assert.Equal((1, 1, 2), Note(counts, Shop(), Backend("shop", "10.0.0.1", "10.0.0.2")));
        Assert.Equal((1, 2, 3), Note(counts, Shop(), Backend("cart", "10.0.1.1")));
        Assert.Equal((1, 2, 2), Note(counts, Backend("shop", "10.0.0.1")));
        Assert.Equal((1, 1, 1), Note(counts, new CopyChange.ServiceChanged(Make.Key("shop"), null)));
        Assert.Equal((0, 1, 1), Note(counts, new CopyChange.IngressChanged(Make.Key("shop"), null)));
    }

    [Fact]
    public void The_removal_of_what_was_never_there_changes_nothing()
    {
        var counts = new MemberCounts();
        Assert.Equal(
            (0, 0, 0),
            Note(counts, new CopyChange.ServiceChanged(Make.Key("shop"), null), new CopyChange.IngressChanged(Make.Key("shop"), null)));
    }

    private static (int Ingresses, int Services, int Endpoints) Note(MemberCounts counts, params CopyChange[] changes)
    {
        foreach (var change in changes)
            counts.Note(change);
        return (counts.Ingresses, counts.Services, counts.Endpoints);
    }

    private static CopyChange.IngressChanged Shop() =>
        new(Make.Key("shop"), Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "shop")));

    private static CopyChange.ServiceChanged Backend(string service, params string[] addresses) =>
        new(Make.Key(service), Make.Copy(Make.Aws, service, addresses));
}
