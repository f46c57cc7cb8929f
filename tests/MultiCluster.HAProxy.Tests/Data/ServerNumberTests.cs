using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class ServerNumberTests
{
    /// <summary>HAProxy before 3.0 counts these bits only.</summary>
    private const int Ring = (1 << 20) - 1;

    [Fact]
    public void Where_an_endpoint_is_follows_from_its_address()
    {
        var few = Servers(["10.0.0.1", "10.0.0.2"], Hash);
        var more = Servers(["10.0.0.3", "10.0.0.2", "10.0.0.1"], Hash);
        Assert.All(few, server => Assert.Equal(server.Value.Number, more[server.Key].Number));
        Assert.Equal(3, more.Values.Select(static server => server.Number & Ring).Distinct().Count());
        Assert.All(more.Values, static server => Assert.InRange(server.Number, 1, int.MaxValue));
    }

    [Fact]
    public void Another_use_of_an_endpoint_is_in_the_same_place_by_another_number()
    {
        var plain = Assert.Single(Servers(["10.0.0.1"], Hash)).Value;
        var checkedOne = Assert.Single(Servers(["10.0.0.1"], Hash with { Checks = true })).Value;
        Assert.Equal(plain.Number & Ring, checkedOne.Number & Ring);
        Assert.NotEqual(plain.Number, checkedOne.Number);
        Assert.NotEqual(plain.Name, checkedOne.Name);
    }

    [Fact]
    public void None_is_in_the_place_of_another()
    {
        // Of so many some would be: the ring has a million places.
        var addresses = Enumerable.Range(0, 5000).Select(static i => $"10.0.{i / 250}.{i % 250}").ToArray();
        var servers = Servers(addresses, Hash);
        Assert.Equal(addresses.Length, servers.Count);
        Assert.Equal(addresses.Length, servers.Values.Select(static server => server.Number & Ring).Distinct().Count());
        Assert.Equal(addresses.Length, servers.Values.Select(static server => server.Number).Distinct().Count());
        var moved = servers.Keys.Where(static name => !char.IsAsciiDigit(name[name.LastIndexOf(':') + 1])).ToList();
        Assert.InRange(moved.Count, 1, 50);
        Array.Reverse(addresses);
        Assert.Equal(servers.Keys.Order(StringComparer.Ordinal), Servers(addresses, Hash).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(BalanceAlgorithm.RoundRobin, false)]
    [InlineData(BalanceAlgorithm.LeastConnections, false)]
    [InlineData(BalanceAlgorithm.First, true)]
    [InlineData(BalanceAlgorithm.Random, true)]
    public void Only_algorithms_that_go_by_numbers_have_them(BalanceAlgorithm balance, bool isNumbered) =>
        Assert.Equal(isNumbered, Assert.Single(Servers(["10.0.0.1"], new BackendPolicy { Balance = balance, MaxConnections = 3 })).Value.Number > 0);

    private static BackendPolicy Hash => new() { Balance = BalanceAlgorithm.Hash };

    private static Dictionary<string, ServerSpec> Servers(string[] addresses, BackendPolicy policy) =>
        ServerSets.OfAll.For(Make.Place("s") with { Variant = PlaceVariant.Of(policy) }, Make.Fragment("s", addresses));
}
