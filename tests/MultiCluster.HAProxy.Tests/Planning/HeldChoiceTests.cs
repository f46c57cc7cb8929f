using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>Choices among groups while a member is away that is remembered: values change, and only removals wait.</summary>
public sealed class HeldChoiceTests
{
    private static readonly RouteKey Key = Make.Prefix("shop.example", "");

    /// <summary>A group that comes finds no place, since another's name is on all that are free: what there was is left as a whole.</summary>
    [Fact]
    public void While_only_removals_are_held_a_choice_that_can_not_be_finished_stays_as_it_is()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Three(50, 50, 0, ("aws", "10.0.0.1"), ("gcp", "10.1.0.1")));
        var (shares, next) = (Entries(MapName.Shares), Entries(MapName.Next));
        Assert.Equal(2, proxy.Simulator.Map(MapName.Next).Count);
        var actual = proxy.Simulator.Observe();
        var taken = actual.Map(MapName.Backends).Keys.ToHashSet();
        foreach (var free in actual.Backends.Where(name => BackendPool.IsSlot(name) && !taken.Contains(name)))
            actual.Map(MapName.Backends)[free] = "web/old:80@aws";
        proxy.Reconciler.Adopt(actual);
        proxy.Reconciler.HoldRemovals(new RemovalHold([new MemberName("aws")]) { OfValues = false });

        proxy.Apply(Three(0, 50, 50, ("aws", "10.0.0.1"), ("gcp", "10.1.0.1"), ("lab", "10.2.0.1")));
        Assert.Equal((shares, next), (Entries(MapName.Shares), Entries(MapName.Next)));
        Assert.False(proxy.Reconciler.HoldsNothingBack);

        string Entries(MapName map) => string.Join(' ', proxy.Simulator.Map(map).Select(static pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));

        static RoutingDelta Three(int aws, int gcp, int lab, params (string, string)[] endpoints) => Make.Delta(
            [Make.Route(Key, "cart", "aws", "gcp", "lab") with { Traffic = Make.Policy(("aws", aws), ("gcp", gcp), ("lab", lab)) }], Make.Spread("cart", endpoints));
    }
}
