using MultiCluster.Federation.RoutePolicies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class PatternNamesTests
{
    [Theory]
    [InlineData(@"^a\.example\.com$", "a.example.com")]
    [InlineData(@"^(www|old)\.example\.com(:[0-9]+)?$", "www.example.com old.example.com")]
    [InlineData(@"^www\.example\.(com|org):?[0-9]*$", "")]
    [InlineData(@"^shop[1-3]?\.a\.test$", "shop.a.test shop1.a.test shop2.a.test shop3.a.test")]
    [InlineData(@"(?i)^Aa\.test$", "aa.test")]
    [InlineData(@"^a\.test$|^b\.test$", "a.test b.test")]
    [InlineData(@"^(?:a|b){2}\.test$", "aa.test ab.test ba.test bb.test")]
    [InlineData(@"^[^.]+\.example\.com$", "*.example.com")]
    [InlineData(@"^[a-z0-9-]+\.example\.com$", "*.example.com")]
    [InlineData(@"^([A-Za-z0-9-]{1,63})\.example\.com$", "*.example.com")]
    [InlineData(@"^(.*\.)?example\.com$", "example.com *.example.com")]
    [InlineData(@"^example\.com$", "example.com")]
    public void Few_names_and_first_labels_are_told(string pattern, string names)
    {
        var reading = PatternNames.Of(pattern);
        Assert.Equal(names, string.Join(' ', reading.Names));
        Assert.Equal(names.Length == 0, reading.Problem is not null);
    }

    [Theory]
    [InlineData(@"^.+\.example\.com$", true)]
    [InlineData(@"^(.*\.)?example\.com$", true)]
    [InlineData(@"^[a-z0-9.-]+\.example\.com$", true)]
    [InlineData(@"^[^.]+\.example\.com$", false)]
    [InlineData(@"^[a-z0-9-]+\.example\.com$", false)]
    [InlineData(@"^a\.example\.com$", false)]
    public void Names_with_more_labels_that_a_wildcard_leaves_out_are_known(string pattern, bool isNarrower)
    {
        var reading = PatternNames.Of(pattern);
        Assert.Null(reading.Problem);
        Assert.NotEmpty(reading.Names);
        Assert.Equal(isNarrower, reading.IsNarrower);
    }

    [Theory]
    [InlineData(@"a\.example\.com$", "does not begin with ^")]
    [InlineData(@"^a\.example\.com", "does not begin with ^")]
    [InlineData(@"^a\.test$|b\.test", "does not begin with ^")]
    [InlineData(@"^(|^)a\.test$", "more than 100 names")]
    [InlineData("^a.example.com$", "more than 100 names")]
    [InlineData(@"^[a-z]{3}\.example\.com$", "more than 100 names")]
    [InlineData(@"^[0-9]+\.example\.com$", "more than 100 names")]
    [InlineData(@"^shop-.*\.example\.com$", "more than 100 names")]
    [InlineData(@"^a\..*\.example\.com$", "more than 100 names")]
    [InlineData(@"^(.*\.)+example\.com$", "more than 100 names")]
    [InlineData(@"^((a|b){99}){99}\.test$", "too large")]
    [InlineData("^((((()){62}){62}){62}){62}$", "too large")]
    [InlineData(@"^\*\.test$", "more than 100 names")]
    [InlineData(@"^%\.test$", "more than 100 names")]
    [InlineData(@"^a\b\.test$", "more than 100 names")]
    [InlineData("^(a$", "that nothing closes")]
    public void Others_are_refused(string pattern, string problem)
    {
        var reading = PatternNames.Of(pattern);
        Assert.Empty(reading.Names);
        Assert.Contains(problem, reading.Problem, StringComparison.Ordinal);
    }

    /// <summary>Sizes that no number holds are too large all the same, whatever is made of them.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(20)]
    public void Repetitions_of_repetitions_are_refused(int levels)
    {
        foreach (var inner in new[] { "a", "", "(a|b)" })
        {
            var nested = Enumerable.Range(0, levels).Aggregate(inner, static (pattern, _) => $"({pattern}){{64}}");
            foreach (var pattern in new[] { $"^{nested}$", $"^({nested}){{4}}({nested}){{4}}$" })
                Assert.Contains("too large", PatternNames.Of(pattern).Problem, StringComparison.Ordinal);
        }
    }
}
