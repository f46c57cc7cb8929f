using MultiCluster.Controller.History;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Records;

/// <summary>Decisions are told by what they change, and without what is secret.</summary>
public sealed class DecisionWordsTests
{
    private static readonly Cause Seen = new(CauseKind.Observed, null);
    private static readonly MemberName Aws = new("aws");
    private static readonly RouteKey Key = new("shop.example", "/cart", PathMatch.Prefix);
    private static readonly Rank Rank = new(DateTimeOffset.UnixEpoch, Aws, new ObjectKey("shop", "shop"));
    private static readonly RouteClaim Claim = new(Key, new BackendRef(new ObjectKey("shop", "cart"), new PortRef(null, 80)), [Aws], Rank);

    [Fact]
    public void A_claim_is_told_by_what_is_new_about_it()
    {
        var words = new DecisionWords();
        Assert.Equal("claims shop.example/cart (Prefix) for shop/cart:80 of aws", words.Next(new Decision.RouteAdded(Seen, Claim)));
        var guarded = Claim with { Policy = new RoutePolicy { BasicAuthentication = new BasicAuthentication("shop", [new UserPassword("ann", "{SHA}secret")]) } };
        var told = words.Next(new Decision.RouteAdded(Seen, guarded));
        Assert.Equal("shop.example/cart (Prefix): policies changed: basicAuthentication", told);
        Assert.Equal("shop.example/cart (Prefix): members aws become aws, gcp; policies changed: basicAuthentication", words.Next(new Decision.RouteAdded(Seen, Claim with { Members = [Aws, new MemberName("gcp")] })));
        Assert.Equal("no longer claims shop.example/cart (Prefix)", words.Next(new Decision.RouteRemoved(Seen, Key)));
        Assert.StartsWith("claims ", words.Next(new Decision.RouteAdded(Seen, Claim)), StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_are_told_by_who_came_and_went()
    {
        var words = new DecisionWords();
        Assert.Equal("aws: 2 endpoints on 1 port, +a:80, +b:80", words.Next(new Decision.BackendChanged(Seen, Aws, Backend("a", "b"))));
        Assert.Equal("aws: 2 endpoints on 1 port, +c:80, -a:80", words.Next(new Decision.BackendChanged(Seen, Aws, Backend("b", "c"))));
        Assert.Equal("aws: 8 endpoints on 1 port, +d:80, +e:80, +f:80, +g:80, +h:80 and 1 more", words.Next(new Decision.BackendChanged(Seen, Aws, Backend("b", "c", "d", "e", "f", "g", "h", "i"))));
        Assert.Equal("aws: no Service any more", words.Next(new Decision.BackendChanged(Seen, Aws, null)));
    }

    [Fact]
    public void Traffic_is_told_by_what_is_not_as_usual()
    {
        var words = new DecisionWords();
        Assert.Equal("traffic: aws weight 80 priority 0, gcp weight 20 priority 1 Drain, sessions stay, slow start 30 s", words.Next(new Decision.TrafficChanged(Seen, new TrafficPolicy
        {
            Clusters = [new ClusterTraffic(Aws, 80), new ClusterTraffic(new MemberName("gcp"), 20, 1, MemberState.Drain)],
            SessionAffinity = true,
            SlowStart = TimeSpan.FromSeconds(30),
        })));
        Assert.Equal("requests go to all members alike", words.Next(new Decision.TrafficChanged(Seen, null)));
        Assert.Equal("aws: Drain, stale (Unreachable)", words.Next(new Decision.MemberChanged(Seen, Aws, new MemberTraits(MemberState.Drain) { IsStale = true, StaleReason = "Unreachable" })));
    }

    [Fact]
    public void A_cause_names_the_object_that_changed()
    {
        var cause = new Cause(CauseKind.Observed, new ObjectReference(Aws, Model.Resources.ResourceKind.EndpointSlice, new ObjectKey("shop", "cart-1"), "u", "77"));
        Assert.Equal("seen, EndpointSlice shop/cart-1 of aws at 77", DecisionWords.Of(cause));
        Assert.Equal("operator, state Drain by bob", DecisionWords.Of(new Cause(CauseKind.Operator, null, "state Drain by bob")));
    }

    private static MemberBackend Backend(params string[] pods) =>
        new(Aws, [new BackendPort("", 80, "", [.. pods.Select(static pod => new BackendEndpoint($"10.0.0.{pod[0] - 'a' + 1}", 80, pod, "", ""))])]);
}
