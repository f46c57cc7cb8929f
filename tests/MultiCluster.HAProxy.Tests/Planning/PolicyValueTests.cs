using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>A route never names a policy whose values are not all there.</summary>
public sealed class PolicyValueTests
{
    private static readonly RoutePolicy Found = new() { HttpsRedirect = new HttpsRedirect(302) };

    private static readonly RoutePolicy Moved = new() { HttpsRedirect = new HttpsRedirect(308) };

    [Fact]
    public void Values_come_before_the_route_that_names_them()
    {
        var proxy = new Bench(Make.Slots);

        var lines = proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1")));

        Assert.Equal([$"add map maps/policies.map {Id(Found)}:s 302|", $"add map maps/routes.map shop.example/ +slot-0||web/shop|{Id(Found)}|16387"], Maps(lines));
    }

    [Fact]
    public void Another_policy_is_all_there_before_the_route_goes_to_it_and_the_old_one_rests()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1")));

        Assert.Equal(
            [$"add map maps/policies.map {Id(Moved)}:s 308|", $"set map maps/routes.map shop.example/ +slot-0||web/shop|{Id(Moved)}|16387"],
            Maps(proxy.Apply(Make.Delta([Shop(Moved)]))));
        Assert.Empty(Later(proxy, DesiredData.PolicyRest - TimeSpan.FromSeconds(1)));
        Assert.Equal([$"del map maps/policies.map {Id(Found)}:s"], Later(proxy, TimeSpan.FromSeconds(1)));
        Assert.Empty(Later(proxy, DesiredData.PolicyRest));
    }

    [Fact]
    public void A_policy_that_comes_back_before_it_was_forgotten_is_there_already()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1")));
        proxy.Apply(Make.Delta([Shop(null)]));
        Later(proxy, DesiredData.PolicyRest - TimeSpan.FromSeconds(1));

        Assert.Equal([$"set map maps/routes.map shop.example/ +slot-0||web/shop|{Id(Found)}|16387"], Maps(proxy.Apply(Make.Delta([Shop(Found)]))));
        Assert.Empty(Later(proxy, DesiredData.PolicyRest));
    }

    [Fact]
    public void Equal_policies_share_their_values()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1")));
        var other = Make.Route(Make.Prefix("shop.example", "/a"), "cart") with { Policy = Found with { } };

        Assert.Single(Maps(proxy.Apply(Make.Delta([other]))));
        proxy.Apply(Make.Without(Shop(null).Key));
        Assert.Empty(Later(proxy, 2 * DesiredData.PolicyRest));
        proxy.Apply(Make.Without(other.Key));
        Assert.Single(Later(proxy, 2 * DesiredData.PolicyRest));
    }

    [Fact]
    public void A_policy_holds_where_nobody_answers()
    {
        var proxy = new Bench(Make.Slots);

        Assert.Contains($"add map maps/routes.map shop.example/ +no-endpoints||web/shop|{Id(Found)}|16387", proxy.Apply(Make.Delta([Shop(Found)])));
    }

    /// <summary>It stays on its old backend, by its old value, until the reload that brings a place for the new one.</summary>
    [Fact]
    public void Values_that_a_waiting_route_still_names_stay()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1"), Make.Fragment("bill", "10.1.0.1")));
        var moved = Make.Route(Shop(null).Key, "bill") with { Policy = Moved };
        Assert.DoesNotContain(proxy.Apply(Make.Delta([moved])), static line => line.Contains("routes.map", StringComparison.Ordinal));

        Assert.Empty(Later(proxy, 2 * DesiredData.PolicyRest));
        proxy.Reconciler.GrowPool();
        proxy.Simulator.Load(proxy.Render());
        proxy.Reconciler.Adopt(proxy.Simulator.Observe());
        proxy.Run();
        Assert.Equal([$"{Id(Moved)}:s"], proxy.Simulator.Map(MapName.Policies).Select(static entry => entry.Key));
    }

    /// <summary>Of a policy's values those under its id and no others are a policy's.</summary>
    [Fact]
    public void What_is_left_of_a_policy_in_HAProxy_is_found_and_taken_away()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Simulator.AddByHand(MapName.Policies, $"{Id(Found)}:s", "302|");

        Assert.Equal([$"del map maps/policies.map {Id(Found)}:s"], proxy.Verify());
    }

    [Fact]
    public void While_removals_are_held_values_are_added_and_none_is_taken_away()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Shop(Found)], Make.Fragment("cart", "10.0.0.1")));
        proxy.Reconciler.HoldRemovals(new RemovalHold([new MemberName("gcp")]) { OfValues = false });

        Assert.Equal(2, Maps(proxy.Apply(Make.Delta([Shop(Moved)]))).Count);
        Assert.Empty(Later(proxy, 2 * DesiredData.PolicyRest));
        proxy.Reconciler.HoldRemovals(null);
        Assert.Equal([$"del map maps/policies.map {Id(Found)}:s"], Maps(proxy.Run()));
    }

    private static Route Shop(RoutePolicy? policy) => Make.Route(Make.Prefix("shop.example", ""), "cart") with { Policy = policy };

    private static string Id(RoutePolicy policy) => PolicyData.Of(policy).Id;

    private static List<string> Later(Bench proxy, TimeSpan time)
    {
        proxy.Reconciler.Desired.Now += time;
        proxy.Reconciler.ForgetPolicies();
        return proxy.Run();
    }

    private static List<string> Maps(IEnumerable<string> lines) =>
        [.. lines.Where(static line => line.Contains("map maps/", StringComparison.Ordinal) && !line.Contains("backends.map", StringComparison.Ordinal))];
}
