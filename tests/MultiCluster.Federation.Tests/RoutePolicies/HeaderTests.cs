using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("J:request-set-headers=X-Shop: main\n\n X-Where: %[namespace]/%[service] ", "Set x-shop=main, Set x-where=shop/cart", "")]
    [InlineData("J:headers=X-Shop: main", "Set x-shop=main", "")]
    [InlineData("J:request-set-headers=A: 1 & J:request-add-headers=B: 2 & J:request-del-headers=C\nD", "Set a=1, Add b=2, Delete c=, Delete d=", "")]
    [InlineData("J:response-set-headers=A: \"1\"; b\\c & J:response-add-headers=B: 100%% & J:response-del-headers=Server", "", "Set a=\"1\"; b\\c, Add b=100%, Delete server=")]
    [InlineData("J:request-set-headers=A: 1 & sJ:request-set-headers=A: 2", "Set a=2", "")]
    [InlineData("H:request-set-header=X-Shop main street\nX-B \"quoted; text\"", "Set x-shop=main street, Set x-b=quoted; text", "")]
    [InlineData("H:response-set-header=Cache-Control \"no-store,no-cache\"", "", "Set cache-control=no-store,no-cache")]
    [InlineData("J:request-set-headers=A:", "Set a=", "")]
    public void Lines_are_changes_in_order(string lines, string request, string response)
    {
        var policy = Reading.Policy(lines);
        Assert.Equal((request, response), (Text(policy.RequestHeaders), Text(policy.ResponseHeaders)));
    }

    [Theory]
    [InlineData("J:request-set-headers=Host: New.example", "new.example")]
    [InlineData("H:request-set-header=Host new.example:81", "new.example:81")]
    public void The_host_is_one_of_its_own(string lines, string host)
    {
        var policy = Reading.Policy(lines);
        Assert.Equal((host, true), (policy.UpstreamHost, policy.RequestHeaders.IsEmpty));
    }

    [Theory]
    [InlineData("J:request-set-headers=X-Shop", "has no name of a header; write lines such as X-Shop: main")]
    [InlineData("J:request-set-headers=X Shop: a", "has no name of a header")]
    [InlineData("J:request-set-headers=: a", "has no name of a header")]
    [InlineData("J:request-set-headers=A: %[src]", "write the text itself")]
    [InlineData("J:request-set-headers=A: %ci", "write the text itself")]
    [InlineData("J:request-set-headers=A: %%[src]", "write the text itself")]
    [InlineData("J:request-set-headers=A: ä", "other than printable ASCII")]
    [InlineData("J:request-set-headers=A: a\tb", "other than printable ASCII")]
    [InlineData("J:request-set-headers=A: \0", "other than printable ASCII")]
    [InlineData("H:request-set-header=A %[namespace]", "write the text itself")]
    [InlineData("J:request-set-headers=Content-Length: 5", "HAProxy's own to write")]
    [InlineData("J:request-add-headers=Host: a.example", "HAProxy's own to write")]
    [InlineData("J:request-set-headers=Host: a b", "HAProxy's own to write")]
    [InlineData("J:request-del-headers=transfer-encoding", "HAProxy's own to write")]
    [InlineData("J:request-del-headers=a b", "is no name of a header; write one a line")]
    [InlineData("J:response-set-headers=Connection: close", "HAProxy's own to write")]
    [InlineData("J:response-set-headers=Host: a.example", "HAProxy's own to write")]
    public void A_bad_line_costs_itself(string lines, string problem)
    {
        var reading = Reading.Of(lines + "\nX-Good");
        Assert.True(reading.Policy.UpstreamHost is null && reading.Policy.RequestHeaders.Concat(reading.Policy.ResponseHeaders).All(static change => change.Name == "x-good"));
        Assert.Contains(reading.Problems, told => told.Text.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_an_end_to_headers()
    {
        var reading = Reading.Of($"J:request-set-headers={string.Join('\n', Enumerable.Range(0, 100).Select(static i => $"X-{i}: a"))}");
        Assert.Equal(64, reading.Policy.RequestHeaders.Count);
        Assert.Contains("holds more than 64 headers", Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    private static string Text(IEnumerable<HeaderChange> changes) => string.Join(", ", changes.Select(static change => $"{change.Action} {change.Name}={change.Value}"));
}
