using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class PassedTests
{
    private static readonly RoutePolicy Passed = new() { TlsPassthrough = new TlsPassthrough(null) };

    [Fact]
    public void Endpoints_are_numbered_before_they_are_counted_and_the_count_falls_before_they_go()
    {
        var proxy = new Bench(Make.Slots);
        Assert.Equal(
            ["add map maps/passed.map shop.example/0 10.0.0.1:8080", "add map maps/passed.map shop.example/1 10.0.0.2:8080", "add map maps/passed.map shop.example 2"],
            Of(proxy.Apply(Make.Delta([Shop(Passed)], Make.Fragment("cart", "10.0.0.1", "10.0.0.2")))));
        Assert.Equal(
            ["set map maps/passed.map shop.example/0 10.0.0.2:8080", "set map maps/passed.map shop.example 1", "del map maps/passed.map shop.example/1"],
            Of(proxy.Apply(Make.Delta([], Make.Fragment("cart", "10.0.0.2")))));
        Assert.Equal(["del map maps/passed.map shop.example", "del map maps/passed.map shop.example/0"], Of(proxy.Apply(Make.Delta([Shop(null)]))).Order(StringComparer.Ordinal));
        Assert.False(proxy.Reconciler.Desired.PassesTls);
    }

    [Fact]
    public void Where_rules_keep_somebody_out_TLS_is_not_passed_on()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Shop(Passed with { Closed = true })], Make.Fragment("cart", "10.0.0.1")));
        Assert.False(desired.PassesTls);
        Assert.Empty(desired.Map(MapName.Passed));
    }

    [Fact]
    public void Only_the_route_of_all_paths_has_the_host()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("shop.example", "/a"), "cart") with { Policy = Passed }, Make.Route(Make.Prefix("", ""), "cart") with { Policy = Passed }], Make.Fragment("cart", "10.0.0.1")));
        Assert.False(desired.PassesTls);
    }

    [Fact]
    public void A_host_with_routes_of_its_own_is_not_passed_on_by_its_wildcard()
    {
        var wildcard = Make.Route(Make.Prefix("*.shop.example", ""), "cart") with { Policy = Passed };
        var own = Make.Route(Make.Prefix("own.shop.example", "/a"), "cart");
        var more = Make.Route(Make.Prefix("own.shop.example", "/b"), "cart");
        var deeper = Make.Route(Make.Prefix("a.own.shop.example", ""), "cart");
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([own, deeper], Make.Fragment("cart", "10.0.0.1")));
        desired.Apply(Make.Delta([wildcard]));
        Assert.Equal(["*.shop.example/0=10.0.0.1:8080", "*.shop.example=1", "own.shop.example=0"], PassedOf(desired));
        desired.Apply(Make.Delta([more]));
        desired.Apply(Make.Without(own.Key));
        Assert.Contains("own.shop.example=0", PassedOf(desired));
        desired.Apply(Make.Without(more.Key));
        Assert.DoesNotContain("own.shop.example=0", PassedOf(desired));
        desired.Apply(Make.Delta([own]));
        Assert.Contains("own.shop.example=0", PassedOf(desired));

        // Passed on by itself, to another; and without endpoints it is the wildcard's no more than before.
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("own.shop.example", ""), "till") with { Policy = Passed }], Make.Fragment("till", "10.0.0.9")));
        Assert.Contains("own.shop.example/0=10.0.0.9:8080", PassedOf(desired));
        desired.Apply(Make.Delta([], Make.Fragment("till")));
        Assert.Contains("own.shop.example=0", PassedOf(desired));
        desired.Apply(Make.Without(wildcard.Key));
        desired.Apply(Make.Without(Make.Prefix("own.shop.example", "")));
        Assert.Empty(PassedOf(desired));
        desired.Apply(Make.Delta([wildcard]));
        Assert.Equal(["*.shop.example/0=10.0.0.1:8080", "*.shop.example=1", "own.shop.example=0"], PassedOf(desired));
    }

    [Fact]
    public void The_inner_socket_is_of_who_HAProxy_becomes()
    {
        var options = new ProgramOptions { Binds = [new BindOptions("*:443", true)], PassesTls = true, User = "haproxy", Group = "web" };
        Assert.Contains("    bind unix@/run/multicluster/tls.sock mode 600 user haproxy accept-proxy ssl crt-list", ProgramRenderer.Render(options, Make.Paths, Make.Slots), StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_has_the_frontend_only_if_it_is_wanted()
    {
        var options = new ProgramOptions { Binds = [new BindOptions("*:80", false), new BindOptions("*:443", true)] };
        Assert.DoesNotContain("tls-entry", ProgramRenderer.Render(options, Make.Paths, Make.Slots), StringComparison.Ordinal);
        var program = ProgramRenderer.Render(options with { PassesTls = true }, Make.Paths, Make.Slots);
        Assert.Contains("frontend tls-entry from base\n    mode tcp\n    bind *:443\n", program, StringComparison.Ordinal);
        Assert.Contains("    bind *:80\n    bind unix@/run/multicluster/tls.sock mode 600 accept-proxy ssl crt-list", program, StringComparison.Ordinal);
        Assert.Equal(program, ProgramRenderer.Render(options with { PassesTls = true }, Make.Paths, Make.Slots));
    }

    private static Route Shop(RoutePolicy? policy) => Make.Route(Make.Prefix("shop.example", ""), "cart") with { Policy = policy };

    private static List<string> PassedOf(DesiredData desired) =>
        [.. desired.Map(MapName.Passed).Select(static entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal)];

    private static List<string> Of(IEnumerable<string> lines) => [.. lines.Where(static line => line.Contains("passed.map", StringComparison.Ordinal))];
}
