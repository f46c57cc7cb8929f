using System.Globalization;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class ConditionTests
{
    private static readonly string[] Problems = [.. Enumerable.Range(1, 12).Select(static i => string.Create(CultureInfo.InvariantCulture, $"path {i} is wrong"))];

    private static readonly IngressView Shop = Sample.Shop with
    {
        Conditions =
        [
            new ConditionView("aws", "Accepted", true, "Accepted", "All is well.", []),
            new ConditionView("aws", "PartiallyInvalid", true, "InvalidPath", "aws: Ingress shop/shop: path 1 is wrong; and 11 more", Problems),
        ],
    };

    [Fact]
    public async Task A_table_says_that_a_message_is_cut_and_what_shows_all()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Ingress("shop", "shop"), Shop);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "show", "shop/shop"));
        Assert.EndsWith("\n  1 of them names only the first of its problems; all are in: mcctl ingress show shop/shop -o json\n", mcctl.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("path 12", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_all_problems()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Ingress("shop", "shop"), Shop);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "show", "shop/shop", "-o", "json"));
        Assert.All(Problems, problem => Assert.Contains($"\"{problem}\"", mcctl.Output, StringComparison.Ordinal));
    }
}
