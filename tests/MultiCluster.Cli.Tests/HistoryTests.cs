using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

/// <summary>The past, as tables.</summary>
public sealed class HistoryTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ingress history shop/shop --since 2h", "/api/v1/ingresses/shop/shop/history?since=2h")]
    [InlineData("backend history shop/shop", "/api/v1/backends/shop/shop/history")]
    [InlineData("member history aws", "/api/v1/members/aws/history")]
    public async Task A_history_is_a_table(string command, string path)
    {
        using var mcctl = new Mcctl().Answer(path, new HistoryView("ingress shop/shop", [new HistoryEntryView(At, 4, "claims shop.example/ (Prefix)", "seen, Ingress shop/shop of aws at 77")], 3, IsWhole: false));
        Assert.Equal(0, await mcctl.RunAsync(command.Split(' ')));
        Assert.Equal(
            """
            TIME                       WHAT                            WHY
            2026-01-31 12:00:00.000Z   claims shop.example/ (Prefix)   seen, Ingress shop/shop of aws at 77

            """,
            mcctl.Output);
        Assert.Equal("3 older ones are left out; --since takes a later time.\nWhat happened before is no longer kept (persistence.history).\n", mcctl.Error);
    }

    [Fact]
    public async Task A_difference_is_told_by_what_was_and_what_is()
    {
        using var mcctl = new Mcctl().Answer(
            AdminPaths.DiffOf("2h", "1h"),
            new TableDiffView(At, At, [new PastDifferenceView("Route", "shop.example/", "a", "b"), new PastDifferenceView("Member", "gcp", null, "c\u001b[2J")], ["ingress a/b"]));
        Assert.Equal(0, await mcctl.RunAsync("diff", "--from", "2h", "--to", "1h"));
        Assert.Equal("Route shop.example/\n  - a\n  + b\nMember gcp\n  + c\\x1b[2J\n", mcctl.Output);
        Assert.Equal("Not all is kept any more of 1, which may have been otherwise: ingress a/b\n", mcctl.Error);
    }

    [Fact]
    public async Task Routes_are_listed_as_they_were()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.PastRoutesOf("3d", "shop.example"), new PastRoutesView(At, [Sample.Cart], []));
        Assert.Equal(0, await mcctl.RunAsync("routes", "--at", "3d", "--host", "shop.example"));
        Assert.Equal("As of 2026-01-31 12:00:00.000Z.\n", mcctl.Error);
        Assert.Contains("shop/cart:http", mcctl.Output, StringComparison.Ordinal);
    }
}
