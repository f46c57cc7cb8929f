namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class CaptureTests
{
    [Theory]
    [InlineData("H:request-capture=hdr(X-Shop)", "128 req.hdr(x-shop)")]
    [InlineData("H:request-capture=cookie(Cart)\n\n req.fhdr(User-Agent) \nsrc\nurl & H:request-capture-len=4096", "4096 req.cook(Cart) req.fhdr(user-agent) src url")]
    [InlineData("H:request-capture=hdr(a)\nreq.hdr(A)\nreq.cook(a) & H:request-capture-len=1", "1 req.hdr(a) req.cook(a)")]
    [InlineData("H:request-capture-len=64", "")]
    public void Parts_of_requests_are_told(string lines, string expected) => Assert.Equal(expected, Text(lines, out _));

    [Theory]
    [InlineData("lua.secrets", "holds \"lua.secrets\"; write hdr(NAME), ")]
    [InlineData("hdr(x),lower", "write hdr(NAME)")]
    [InlineData("hdr(a b)", "write hdr(NAME)")]
    [InlineData("hdr()", "write hdr(NAME)")]
    [InlineData("hdr(x,1)", "write hdr(NAME)")]
    [InlineData("req.body", "write hdr(NAME)")]
    [InlineData("env(HOME)", "write hdr(NAME)")]
    [InlineData("src & H:request-capture-len=4097", "write at most that")]
    [InlineData("src & H:request-capture-len=0", "write a whole number")]
    public void A_bad_line_costs_itself(string bad, string problem)
    {
        Assert.Contains("req.hdr(a)", Text($"H:request-capture=hdr(a)\n{bad}", out var told), StringComparison.Ordinal);
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_line_takes_are_refused_and_the_first_count()
    {
        var text = Text($"H:request-capture={string.Join('\n', Enumerable.Range(0, 20).Select(static i => $"hdr(x-{i})"))}", out var told);
        Assert.EndsWith(" req.hdr(x-15)", text, StringComparison.Ordinal);
        Assert.Contains("more than 16 parts", told, StringComparison.Ordinal);
    }

    private static string Text(string lines, out string told)
    {
        var reading = Reading.Of(lines);
        told = string.Join('\n', reading.Problems.Select(static problem => problem.Text));
        return reading.Policy.Capture is { } capture ? $"{capture.Length} {string.Join(' ', capture.Parts.Select(static part => part.ToSample()))}" : "";
    }
}
