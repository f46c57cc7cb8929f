using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class TableTests
{
    [Fact]
    public async Task Ingresses_are_listed_with_the_reasons_of_their_trouble()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [Sample.Shop, Sample.Thief, Sample.Shop with { Conditions = [] }]);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "list"));
        Assert.Equal(
            """
            NAMESPACE   NAME   STATUS                     MEMBERS   ROUTES   HOSTS          TLS
            shop        shop   SecretNotFound             aws,gcp   2        shop.example   shop.example
            thief       apps   PathConflict,InvalidPath   -         1        -              -
            shop        shop   OK                         aws,gcp   2        shop.example   shop.example

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task One_ingress_is_shown_with_its_routes_and_conditions()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Ingress("shop", "shop"), Sample.Shop);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "show", "shop/shop"));
        Assert.Equal(
            """
            Name:           shop
            Namespace:      shop
            Status:         SecretNotFound
            Members:        aws,gcp
            Hosts:          shop.example
            Certificates:   shop.example

            Routes:
              HOST           PATH    MATCH    BACKEND          ENDPOINTS   MEMBERS   STATUS
              shop.example   /cart   Prefix   shop/cart:http   0           gcp       NoEndpoints
              shop.example   /       Prefix   shop/shop:80     4           aws,gcp   Live

            Conditions:
              MEMBER   TYPE           STATUS   REASON           MESSAGE
              aws      Accepted       True     Accepted         Routes are accepted.
              aws      Conflict       False    NoConflicts      -
              gcp      Accepted       True     Accepted         Routes are accepted.
              gcp      ResolvedRefs   False    SecretNotFound   Secret shop/tls does not exist; create it.

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task An_ingress_without_routes_says_so()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Ingress("shop", "shop"), Sample.Shop with { Routes = [], Conditions = [] });
        Assert.Equal(0, await mcctl.RunAsync("ingress", "show", "shop/shop"));
        Assert.EndsWith("\n\nRoutes: none\n\nConditions: none\n", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_listed_in_the_servers_order()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<RouteView>>(AdminPaths.Routes, [Sample.Cart, Sample.Root, Sample.Stolen]);
        Assert.Equal(0, await mcctl.RunAsync("routes"));
        Assert.Equal(
            """
            HOST             PATH    MATCH    BACKEND          ENDPOINTS   MEMBERS   INGRESS      STATUS
            shop.example     /cart   Prefix   shop/cart:http   0           gcp       shop/shop    NoEndpoints
            shop.example     /       Prefix   shop/shop:80     4           aws,gcp   shop/shop    Live
            *.apps.example   /       Exact    thief/apps:80    12          -         thief/apps   Lost

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Proxies_are_listed_with_their_reloads_and_how_far_they_are_behind()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<ProxyView>>(AdminPaths.Proxies, [Sample.Proxy, Sample.Proxy with { Name = "b", State = "Down", WorkerPid = 0, Refused = 2 }]);
        Assert.Equal(0, await mcctl.RunAsync("proxy", "list"));
        Assert.Equal(
            """
            NAME      STATE     VERSION   WORKER   ROUTES   BACKENDS   SERVERS   CERTIFICATES   REFUSED   BEHIND   RELOADS   LISTENS
            haproxy   Serving   2.6.12    4712     3        2          4         1              0         1        5         127.0.0.1:8080,127.0.0.1:8443
            b         Down      2.6.12    -        3        2          4         1              2         1        5         127.0.0.1:8080,127.0.0.1:8443

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Of_a_proxy_elsewhere_nothing_is_told_that_is_not_known()
    {
        var proxy = Sample.Proxy with
        {
            State = "Connected",
            Version = "",
            WorkerPid = 0,
            Listens = [],
            Remote = new RemoteProxyView("proxy 'haproxy'#1 at 127.0.0.1", "1", new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), 12, 12, 11, 3),
        };
        using var list = new Mcctl().Answer<IReadOnlyList<ProxyView>>(AdminPaths.Proxies, [proxy]);
        Assert.Equal(0, await list.RunAsync("proxy", "list"));
        Assert.Equal(
            """
            NAME      STATE       VERSION   WORKER   ROUTES   BACKENDS   SERVERS   CERTIFICATES   REFUSED   BEHIND   RELOADS   LISTENS
            haproxy   Connected   -         -        -        -          -         -              0         1        -         -

            """,
            list.Output);

        using var show = new Mcctl().Answer(AdminPaths.Proxy("haproxy"), new ProxyDetailView(proxy, [], []));
        Assert.Equal(0, await show.RunAsync("proxy", "show", "haproxy"));
        Assert.Equal(
            """
            Name:           haproxy
            State:          Connected
            Why:            -
            Session:        with proxy 'haproxy'#1 at 127.0.0.1, since 2026-11-22 10:00:00Z
            Table:          position 12 here, 12 taken, 11 applied; 3 rows wait
            Refused:        nothing
            HAProxy:        only its own agent knows what it holds: ask that one (mcctl --server, its admin.listen)


            """,
            show.Output);
    }

    [Fact]
    public async Task One_proxy_is_shown_with_all_it_holds()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Proxy("haproxy"), new ProxyDetailView(Sample.Proxy with { Refused = 1 }, [new RefusedView("Certificate certs/a.pem for a.example", "HAProxy refuses it")], Sample.Servers));
        Assert.Equal(0, await mcctl.RunAsync("proxy", "show", "haproxy"));
        Assert.Equal(
            """
            Name:           haproxy
            State:          Serving
            Why:            -
            HAProxy:        2.6.12
            Processes:      master 4711, worker 4712, adopted
            Listens:        127.0.0.1:8080,127.0.0.1:8443
            Holds:          3 routes, 2 backends, 4 servers, 1 certificates
            Blank backends: 2 of 2048 used
            Table:          version 12 desired, 11 applied, 10 in the start file
            Commands:       77 sent, 0 refused
            Refused:        1 items, below
            Resyncs:        1
            Reloads:        5 by the master's count; ours: 3 (PoolExhausted 2, ProgramChanged 1), failed: 2 (ProgramChanged 2)

            Refused:
              ITEM                                    REASON
              Certificate certs/a.pem for a.example   HAProxy refuses it

            Servers:
              BACKEND        SERVER       ADDRESS            STATE      SLOT
              shop/shop:80   aws/shop-1   127.10.0.11:5678   Up         s1
              shop/shop:80   gcp/shop-1   127.20.0.11:5678   Draining   s2

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_url_is_explained()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.ExplainOf("https://shop.example/cart/1"), Sample.Explain);
        Assert.Equal(0, await mcctl.RunAsync("explain", "https://shop.example/cart/1"));
        Assert.Equal(
            """
            URL:            https://shop.example/cart/1
            Outcome:        Route
            Why:            The longest prefix of the path on its exact host.
            Route:          Prefix shop.example /cart
            Ingress:        shop/shop of gcp
            Backend:        shop/cart:http
            Certificate:    shop/tls (shop.example)

            Looked up:
              shop.example exact /cart/1: none
              shop.example prefix /cart: shop/cart:http

            Lost to it:
              thief/apps (aws): younger

            Servers:
              BACKEND        SERVER       ADDRESS            STATE      SLOT
              shop/shop:80   aws/shop-1   127.10.0.11:5678   Up         s1
              shop/shop:80   gcp/shop-1   127.20.0.11:5678   Draining   s2

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Each_who_may_take_a_request_is_explained()
    {
        var view = new ExplainView("https://shop.example/cart", "Route", "The longest prefix.", Sample.Cart, [], [], null, [])
        {
            Takers =
            [
                new TakerView(Sample.Cart, 80, "nobody else asks for it", null, null, "/x", ["192.0.2.7 is in 192.0.2.0/24: let in"], ["a client with more than 5 requests in 1 s gets 429"]),
                new TakerView(null, 20, "none asks for it", 302, "https://a.example/", null, [], []),
            ],
        };
        using var mcctl = new Mcctl().Answer(AdminPaths.ExplainOf("https://shop.example/cart", "POST", "192.0.2.7", ["X-Team: shop", "Cookie: a=b"]), view);
        Assert.Equal(0, await mcctl.RunAsync("explain", "https://shop.example/cart", "--method", "POST", "--from", "192.0.2.7", "--header", "X-Team: shop", "-H", "Cookie: a=b"));
        Assert.Equal(
            """
            URL:            https://shop.example/cart
            Outcome:        Route
            Why:            The longest prefix.
            Route:          Prefix shop.example /cart
            Ingress:        shop/shop of gcp
            Backend:        shop/cart:http
            Certificate:    -

            80 %: ingress shop/shop -> shop/cart:http
              because nobody else asks for it

            Rules:
              192.0.2.7 is in 192.0.2.0/24: let in

            Not known:
              a client with more than 5 requests in 1 s gets 429
            Path there:     /x

            20 %: no route
              because none asks for it
            Location:       https://a.example/

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_url_without_a_route_is_explained_too()
    {
        var view = new ExplainView("http://a.example/", "NoRoute", "No rule names the host.", null, [], [], null, []);
        using var mcctl = new Mcctl().Answer(AdminPaths.ExplainOf("http://a.example/"), view);
        Assert.Equal(0, await mcctl.RunAsync("explain", "a.example/"));
        Assert.Equal(
            """
            URL:            http://a.example/
            Outcome:        NoRoute
            Why:            No rule names the host.
            Certificate:    -

            """,
            mcctl.Output);
    }

    [Theory]
    [InlineData("member list", AdminPaths.Members)]
    [InlineData("ingress list", AdminPaths.Ingresses)]
    [InlineData("ingress conflicts", AdminPaths.Ingresses)]
    [InlineData("ingress conflicts --fail -n shop", AdminPaths.Ingresses)]
    [InlineData("backend list", AdminPaths.Backends)]
    [InlineData("routes", AdminPaths.Routes)]
    [InlineData("proxy list", AdminPaths.Proxies)]
    public async Task An_empty_list_is_a_remark_and_no_output(string command, string path)
    {
        using var mcctl = new Mcctl().Text(path, "[]");
        Assert.Equal(0, await mcctl.RunAsync(command.Split(' ')));
        Assert.Empty(mcctl.Output);
        Assert.StartsWith("No ", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wide_content_is_not_wrapped()
    {
        var wide = Sample.Root with { Path = "/" + new string('a', 5000), Host = "日本.example" };
        using var mcctl = new Mcctl().Answer<IReadOnlyList<RouteView>>(AdminPaths.Routes, [wide, Sample.Root]);
        await mcctl.RunAsync("routes");
        var lines = mcctl.Output.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith($"日本.example   {wide.Path}   Prefix", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("shop.example   /   ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_change_no_text()
    {
        using var plain = new Mcctl().Answer(AdminPaths.Members, MemberSample.Members);
        using var coloured = new Mcctl { Colour = true }.Answer(AdminPaths.Members, MemberSample.Members);
        await plain.RunAsync("member", "list");
        await coloured.RunAsync("member", "list");
        Assert.DoesNotContain("\e", plain.Output, StringComparison.Ordinal);
        Assert.Contains("\e[32mReady\e[0m", coloured.Output, StringComparison.Ordinal);
        Assert.Equal(plain.Output, System.Text.RegularExpressions.Regex.Replace(coloured.Output, "\e\\[[0-9;]*m", ""));
    }
}
