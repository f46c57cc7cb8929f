using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.EndToEnd.Tests.Survival;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>What operators do, and see of what hands have done, with a product for each test.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private readonly RunningShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_node_leaves_says_so_and_HAProxy_serves_on()
    {
        var left = await _shop.McctlAsync("cluster", "leave");
        Assert.True(left.Code == 0, left.ToString());
        Assert.Matches(@"^Node local gave 64 shards away and left in [0-9.]+ s\.\n$", left.Output);
        Assert.StartsWith("No other node is up: ", left.Error, StringComparison.Ordinal);

        Assert.Contains("State:          Left", (await _shop.McctlAsync("cluster", "show")).Output, StringComparison.Ordinal);
        var status = await _shop.McctlAsync("cluster", "status");
        Assert.Equal(1, status.Code);
        Assert.Contains("this node has left", status.Output, StringComparison.Ordinal);
        var again = await _shop.McctlAsync("cluster", "leave");
        Assert.Equal((1, "error: node local has left; it joins again when multicluster is started anew there\n"), (again.Code, again.Error));
        var lost = await _shop.McctlAsync("sharding", "find", "ingress/shop/shop");
        Assert.Equal(1, lost.Code);
        Assert.Contains("nobody owns shard", lost.Error, StringComparison.Ordinal);
        Assert.Equal(Shop.Service, (await _shop.Product.Client.GetAsync(Shop.Url)).Service);
    }

    [Fact]
    public async Task What_hands_change_in_HAProxy_is_shown_and_mended_by_nobody_but_the_verification()
    {
        await UntilAsync("Proxy local holds what it should", 0);
        var map = Path.Combine(_shop.Shop.Setting.StateDirectory, "current/maps/routes.map");
        var entry = (await CommandAsync($"show map {map}")).Split(' ');
        var (key, value) = (entry[1], entry[2]);
        await CommandAsync($"del map {map} {key}");
        await CommandAsync($"add map {map} by-hand.test/ {value}");
        var server = (await DetailAsync()).Servers[0];
        await CommandAsync($"set server {server.Slot}/{server.Server} state maint");

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var printed = await _shop.McctlAsync("proxy", "diff", "local", "-o", "json");
            Assert.Equal(1, printed.Code);
            var diff = JsonSerializer.Deserialize(printed.Output, AdminJson.Default.ProxyDiffView)!;
            Assert.Equal(
                [
                    new DifferenceView("Route", "by-hand.test/", null, value, null),
                    new DifferenceView("Route", key, value, null, null),
                    new DifferenceView("Server", $"{server.Backend} {server.Server}", server.Address, $"{server.Address} in maintenance", null),
                ],
                diff.Differences);
        }
        Assert.Contains("+   Route    ", (await _shop.McctlAsync("proxy", "diff", "local")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_followed_until_the_process_ends()
    {
        using var stop = new CancellationTokenSource(Await.Deadline);
        var following = _shop.McctlAsync(stop.Token, "log", "tail", "--follow", "--lines", "2000", "-o", "json");
        await _shop.McctlAsync("cluster", "leave");
        await _shop.Product.StopControllerAsync();
        var printed = await following;
        Assert.Equal(1, printed.Code);
        var lines = printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonSerializer.Deserialize(line, AdminJson.Default.LogLineView)!).ToList();
        Assert.Contains(lines, static line => line.Message.Contains("leav", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(lines.Select(static line => line.Number).Distinct().Order(), lines.Select(static line => line.Number));
    }

    [Fact]
    public async Task A_follower_is_interrupted_at_once()
    {
        using var stop = new CancellationTokenSource();
        var following = _shop.McctlAsync(stop.Token, "log", "tail", "--follow");
        await stop.CancelAsync();
        Assert.Equal(130, (await following).Code);
    }

    private Task UntilAsync(string text, int code) => Await.NothingMissingAsync(async () =>
        await _shop.McctlAsync("proxy", "diff", "local") is var printed && printed.Code == code && printed.Output.Contains(text, StringComparison.Ordinal) && printed.Error.Length == 0
            ? null
            : $"{text}; it says {printed}");

    private async Task<ProxyDetailView> DetailAsync() => (await _shop.Product.Admin.ProxyAsync("local", CancellationToken.None))!;

    private async Task<string> CommandAsync(string command)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_shop.Shop.Setting.StateDirectory, "worker.sock")));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"));
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Trim();
    }
}
