using System.Text;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Statistics;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class TrafficBookTests
{
    private const int Slots = 3;

    private static readonly PlaceKey Cart = BackendNames.Parse("web/cart:http@aws,gcp")!;
    private static readonly PlaceKey CartOfAws = BackendNames.Parse("web/cart:http@aws|rr")!;
    private static readonly PlaceKey Shop = BackendNames.Parse("web/shop:8080@aws")!;

    private readonly BackendPool _pool = new(ProxyFeatures.Of(new ProxyVersion(2, 6)), profile => profile == default || profile == CartOfAws.Profile ? Slots : 0, []);
    private readonly TrafficBook _book;

    public TrafficBookTests() => _book = new TrafficBook("edge", () => _pool.Directory, static () => TimeSpan.FromSeconds(60));

    [Fact]
    public void Places_of_a_service_are_summed()
    {
        var (one, other) = (_pool.Acquire(Cart)!, _pool.Acquire(CartOfAws)!);
        _book.Read(1, StatText.Backend(one, 5, sessions: 2), StatText.Backend(other, 7, sessions: 1));
        var cart = Assert.Single(_book.Services);
        Assert.Equal(12, Requests(cart));
        Assert.Equal(3, cart.Sessions);
        Assert.Equal("proxy=\"edge\",namespace=\"web\",service=\"cart\",port=\"http\"", Encoding.UTF8.GetString(cart.Labels));
    }

    [Fact]
    public void An_endpoint_is_one_whatever_it_is_used_for()
    {
        var (one, other) = (_pool.Acquire(Cart)!, _pool.Acquire(CartOfAws)!);
        _book.Read(
            1, StatText.Server(one, "aws:cart-1:10.0.0.7:8080", 3, "DOWN"), StatText.Server(one, "gcp:-:fd00::1:8080", 1), StatText.Backend(one, 4),
            StatText.Server(other, "aws:cart-1:10.0.0.7:8080:cT-1f0c2a", 2, "UP 1/3"), StatText.Backend(other, 2));
        var cart = Assert.Single(_book.Services);
        Assert.Equal(2, _book.EndpointCount);
        Assert.Equal(2, cart.Up);
        var pod = cart.Endpoints["aws:cart-1:10.0.0.7:8080"];
        Assert.Equal(5, Requests(pod));
        Assert.EndsWith(",member=\"aws\",pod=\"cart-1\",address=\"10.0.0.7:8080\"", Encoding.UTF8.GetString(pod.Labels), StringComparison.Ordinal);
        Assert.EndsWith(",member=\"gcp\",pod=\"\",address=\"[fd00::1]:8080\"", Encoding.UTF8.GetString(cart.Endpoints["gcp:-:fd00::1:8080"].Labels), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_slot_counted_for_another_service_is_not_the_next_ones()
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(1, StatText.Backend(slot, 100));
        Hand(slot, Shop);
        _book.Read(1, StatText.Backend(slot, 130));
        Assert.Equal(0, Requests(Assert.Single(_book.Services)));
        _book.Read(1, StatText.Backend(slot, 140));
        Assert.Equal(10, Requests(Assert.Single(_book.Services)));
    }

    [Fact]
    public void A_slot_that_was_seen_free_gives_all_that_it_counts_from_there_on()
    {
        var slot = _pool.Acquire(Cart)!;
        var next = _pool.Acquire(Shop)!;
        _book.Read(1, StatText.Backend(slot, 100), StatText.Backend(next, 1));
        _pool.Release(slot);
        _book.Read(1, StatText.Backend(slot, 103), StatText.Backend(next, 1));
        Assert.Single(_book.Services);
        Take(slot, Cart);
        _book.Read(1, StatText.Backend(slot, 110), StatText.Backend(next, 1));
        Assert.Equal([7, 1], _book.Services.Select(Requests).OrderDescending());
    }

    [Fact]
    public void A_reused_slot_on_the_first_reading_begins_with_what_it_has()
    {
        var slot = _pool.Acquire(Cart)!;
        Hand(slot, Shop);
        _book.Read(1, StatText.Backend(slot, 50));
        Assert.Equal(0, Requests(Assert.Single(_book.Services)));
        _book.Read(1, StatText.Backend(slot, 51));
        Assert.Equal(1, Requests(Assert.Single(_book.Services)));
    }

    [Theory]
    [InlineData(2, 4, 104)] // a new worker counts from zero
    [InlineData(2, 300, 400)] // also when it has counted more than the one before
    [InlineData(1, 4, 104)] // cleared by hand
    public void Counters_that_begin_anew_go_on(int pid, long after, long expected)
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(1, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", 100), StatText.Backend(slot, 100));
        _book.Read(pid, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", after), StatText.Backend(slot, after));
        var cart = Assert.Single(_book.Services);
        Assert.Equal(expected, Requests(cart));
        Assert.Equal(expected, Requests(cart.Endpoints.Values.Single()));
    }

    [Fact]
    public void A_worker_that_ran_before_is_counted_from_the_first_reading_on()
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(1, 3600, StatText.Title, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", 100), StatText.Backend(slot, 100));
        _book.Read(1, 3615, StatText.Title, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", 103), StatText.Backend(slot, 103));
        var cart = Assert.Single(_book.Services);
        Assert.Equal(3, Requests(cart));
        Assert.Equal(3, Requests(cart.Endpoints.Values.Single()));
    }

    [Fact]
    public void A_place_that_goes_takes_nothing_with_it()
    {
        var (one, other) = (_pool.Acquire(Cart)!, _pool.Acquire(CartOfAws)!);
        _book.Read(1, StatText.Backend(one, 5), StatText.Backend(other, 7));
        _pool.Release(other);
        _book.Read(1, StatText.Backend(one, 6), StatText.Backend(other, 8));
        Assert.Equal(14, Requests(Assert.Single(_book.Services)));
    }

    [Fact]
    public void What_nobody_has_is_left_out_and_counted()
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(
            1, StatText.Server("default-9", "aws:x:10.0.0.1:80", 3), StatText.Backend("default-9", 3), // servers of nobody
            StatText.Backend("default-8", 3), // free
            StatText.Server(slot, "by-hand", 1), StatText.Server(slot, ":", 1), StatText.Server(slot, "a:b", 1), StatText.Backend(slot, 2),
            StatText.Server("authorities", "never", 0), StatText.Backend("authorities", 0));
        Assert.Equal(0, _book.EndpointCount);
        Assert.Equal(4, _book.Unnamed);
        Assert.Equal(2, Requests(Assert.Single(_book.Services)));
    }

    [Fact]
    public void Endpoints_and_services_that_go_are_forgotten()
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(1, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", 1), StatText.Server(slot, "gcp:cart-2:10.0.0.8:8080", 1), StatText.Backend(slot, 2));
        Assert.Equal(2, Assert.Single(_book.Services).Members.Count);
        _book.Read(1, StatText.Server(slot, "aws:cart-1:10.0.0.7:8080", 1), StatText.Backend(slot, 2));
        Assert.Equal("aws", Assert.Single(Assert.Single(_book.Services).Members).Name);
        _pool.Release(slot);
        _book.Read(1, StatText.Backend(slot, 2));
        Assert.Empty(_book.Services);
    }

    [Theory]
    [InlineData("# svname,pxname,req_tot,type", "BACKEND,{0},7,1", 7)] // in another order
    [InlineData("# pxname,svname,new_in_9,req_tot,type,-", "{0},BACKEND,\"a,\"\"b\",7,1,", 7)] // one that nobody knows, quoted
    [InlineData("# pxname,svname,stot,type,", "{0},BACKEND,7,1,", 7)] // sessions where requests are missing
    [InlineData("# pxname,svname,req_tot,type,", "{0},BACKEND,many,1,", 0)] // no number
    [InlineData("# pxname,svname,type,req_tot,", "{0},BACKEND,1", 0)] // a row that ends early
    [InlineData("# pxname,svname,req_tot", "{0},BACKEND,7", null)] // rows of no type
    public void Columns_are_found_by_name(string title, string row, int? expected)
    {
        var slot = _pool.Acquire(Cart)!;
        _book.Read(1, 0, title, string.Format(System.Globalization.CultureInfo.InvariantCulture, row, slot));
        Assert.Equal(expected, _book.Services.Count == 0 ? null : (int)Requests(_book.Services.Single()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# ")]
    [InlineData("pxname,svname")]
    [InlineData("# pxname,scur")]
    [InlineData("Unknown command")]
    public void Other_text_is_no_table(string title) => Assert.Null(StatTable.Of(Encoding.UTF8.GetBytes(title)));

    private void Hand(string slot, PlaceKey to)
    {
        _pool.Release(slot);
        Take(slot, to);
    }

    /// <summary>The pool gives the slot that has been free for longest.</summary>
    private void Take(string slot, PlaceKey to)
    {
        for (var i = 0; i < Slots; i++)
        {
            var name = _pool.Acquire(to);
            if (name == slot)
                return;
            if (name is not null)
                _pool.Release(name);
        }

        Assert.Fail($"{slot} was not given");
    }

    private static long Requests(Series series) => series.Totals[(int)StatColumn.Requests];
}
