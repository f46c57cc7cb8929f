using System.Globalization;
using MultiCluster.Federation.RouteConditions;
using MultiCluster.Federation.Tests.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RouteConditions;

public sealed class RouteConditionTests
{
    private const string Always = "Header x-canary Equal [always]";
    private const string Cookies = "Cookie c Equal [always] | not: Cookie c Equal [never]";

    [Theory]
    [InlineData("canary=false & canary-weight=5", null)]
    [InlineData("canary-weight=5", null)]
    [InlineData("canary=true", "")]
    [InlineData("canary=true & canary-weight=5", "Share 0..5/100")]
    [InlineData("canary=true & canary-weight=5 & canary-weight-total=1000", "Share 0..5/1000")]
    [InlineData("canary=true & canary-weight=5 & canary-weight-total=10", "Share 0..5/100")]
    [InlineData("canary=true & canary-weight=500", "Share 0..100/100")]
    [InlineData("canary=true & canary-by-header=X-Canary", Always + " | not: Header x-canary Equal [never]")]
    [InlineData("canary=true & canary-by-header=X-Canary & canary-by-header-value=a, b", "Header x-canary Equal [a, b]")]
    [InlineData("canary=true & canary-by-header=X-Canary & canary-by-header-pattern=^a.b$", @"Header x-canary Pattern [^a[^\x0A\x0D]b$]")]
    [InlineData("canary=true & canary-by-header=X-Canary & canary-by-header-pattern=a & canary-by-header-value=b", "Header x-canary Equal [b]")]
    [InlineData("canary=true & canary-by-cookie=c & canary-weight=1", Cookies + " | Share 0..1/100")]
    public void A_canary_is_read_as_ingress_nginx_reads_it(string annotations, string? rules)
    {
        var reading = Read(string.Join(" & ", annotations.Split(" & ").Select(static item => $"N:{item}")));
        Assert.Empty(reading.Problems);
        Assert.Equal(rules, reading.When is null ? null : Text(reading.When));
        Assert.True(reading.When is null or { IsCanary: true, IsSticky: true });
    }

    [Theory]
    [InlineData("N:canary=maybe", "", "canary is \"maybe\"; write true or false; until then it gets no request")]
    [InlineData("N:canary=true & N:canary-weight=x & N:canary-by-cookie=c", Cookies, "canary-weight is \"x\"")]
    [InlineData("N:canary=true & N:canary-by-header-value=x", "", "canary-by-header-value says nothing without canary-by-header")]
    [InlineData("N:canary=true & N:canary-by-header=h & N:canary-by-header-pattern=(a+)+", "", "which repeats a repetition")]
    [InlineData("N:canary=true & N:canary-by-header=h & N:canary-by-header-pattern=(a+", "", "canary-by-header-pattern is")]
    [InlineData("N:canary=true & N:canary-by-header=h x", "", "canary-by-header is")]
    [InlineData("J:http-header-match=x-beta", "", "write lines such as X-Beta: yes, and until then the Ingress gets no request of the path")]
    [InlineData("J:http-header-match=a: b\nc", "", "holds \"c\"")]
    [InlineData("J:http-header-match=", "", "is empty")]
    [InlineData("J:http-header-match-regex=a: [", "", "holds \"[\"")]
    [InlineData("sH:route-acl=nbsrv(x) lt 2", "", "which is not read; write conditions such as")]
    [InlineData("sH:route-acl={ hdr(x) -m sub y }", "", "which is not read")]
    [InlineData("sH:route-acl={ hdr(x) y } || { hdr(x) z }", "", "write conditions such as")]
    [InlineData("sH:route-acl=hdr(x) -f /etc/passwd", "", "which is not read")]
    [InlineData("sH:route-acl=hdr(x) y\nhttp-request deny", "", "write conditions such as")]
    [InlineData("sH:route-acl={ hdr(x) y", "", "write conditions such as")]
    [InlineData("sH:route-acl=hdr(x),lower y", "", "which is not read")]
    [InlineData("sH:route-acl=hdr(x)", "", "which is not read")]
    [InlineData("sH:route-acl=src 10.0.0.0/40", "", "which is not read")]
    [InlineData("sH:route-acl=path_reg (a+)+$", "", "which is not read")]
    public void What_is_not_read_takes_nothing(string annotations, string rules, string problem)
    {
        var reading = Read(annotations);
        Assert.Contains(problem, Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal(rules, Text(reading.When!));
    }

    [Theory]
    [InlineData("J:http-header-match=X-A: 1\nX-B:2 ", "HeaderItem x-a Equal [1] & HeaderItem x-b Equal [2]")]
    [InlineData("J:http-header-match-regex=X-A: ^1", "Header x-a Pattern [^1]")]
    [InlineData("sH:route-acl=hdr(X-A) one two", "HeaderItem x-a Equal [one, two]")]
    [InlineData("sH:route-acl=hdr(X-A) -i -m beg -- -one", "HeaderItem x-a Begin [-one] any case")]
    [InlineData("sH:route-acl=req.hdr(x) -m str \"a b\"", "HeaderItem x Equal [a b]")]
    [InlineData(@"sH:route-acl=req.hdr(x) -m str a\ b", "HeaderItem x Equal [a b]")]
    [InlineData("sH:route-acl=req.fhdr(x) -m reg -i ^a", "Header x Pattern [^[Aa]]")]
    [InlineData("sH:route-acl=hdr_reg(x) ^a$", "Header x Pattern [^a$]")]
    [InlineData("sH:route-acl=cookie(S) -m found", "Cookie S Present []")]
    [InlineData("sH:route-acl={ path_beg /a } !{ method GET HEAD }", "Path  Begin [/a] & not Method  Equal [GET, HEAD]")]
    [InlineData("sH:route-acl=path_beg /a } ! { METH_GET", "Path  Begin [/a] & not Method  Equal [GET]")]
    [InlineData("sH:route-acl=src 10.0.0.0/8 ::1", "Source  Equal [10.0.0.0/8, ::1]")]
    [InlineData("sH:route-acl=rand(100) lt 25", "Share 0..25/100")]
    [InlineData("sH:route-acl=rand(100) le 25", "Share 0..26/100")]
    [InlineData("sH:route-acl=rand(100) gt 25", "Share 26..100/100")]
    [InlineData("sH:route-acl=rand(4) ge 9", "Share 4..4/4")]
    public void Conditions_are_read(string annotations, string tests)
    {
        var reading = Read(annotations);
        Assert.Empty(reading.Problems);
        Assert.Equal(tests, Text(reading.When!));
        Assert.Equal(reading.When, RouteCondition.Read(reading.When!.Write()));
    }

    [Fact]
    public void A_condition_of_a_later_version_never_holds() =>
        Assert.Equal(RouteCondition.Never, RouteCondition.Read("""{"rules":[{"takes":true,"tests":[],"moreover":1}]}"""u8));

    private static RouteConditionReading Read(string lines)
    {
        var written = lines.Split(" & ").ToList();
        return RouteConditionReader.Read(
            EquatableMap.From(written.Where(static line => line[0] != 's').Select(Annotation)), EquatableMap.From(written.Where(static line => line[0] == 's').Select(static line => Annotation(line[1..]))), "cart");
    }

    private static KeyValuePair<string, string> Annotation(string line)
    {
        var at = line.IndexOf('=', StringComparison.Ordinal);
        return KeyValuePair.Create((line[0] switch { 'J' => Reading.J, 'H' => Reading.H, _ => Reading.N }) + line[2..at], line[(at + 1)..]);
    }

    private static string Text(RouteCondition condition) =>
        string.Join(" | ", condition.Rules.Select(static rule => (rule.Takes ? "" : "not: ") + string.Join(" & ", rule.Tests.Select(Text))));

    private static string Text(RequestTest test) => test.Part == RequestPart.Share
        ? string.Create(CultureInfo.InvariantCulture, $"Share {test.From}..{test.To}/{test.Total}")
        : $"{(test.IsNegated ? "not " : "")}{test.Part} {test.Name} {test.Match} [{string.Join(", ", test.Values)}]{(test.IgnoresCase ? " any case" : "")}";
}
