using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class SourceTests
{
    [Theory]
    [InlineData("H:allow-list=10.0.0.0/8, 192.0.2.1", "allow 10.0.0.0/8 192.0.2.1/32")]
    [InlineData("H:whitelist=10.1.2.3/8", "allow 10.0.0.0/8")]
    [InlineData("H:deny-list=2001:DB8:0::/32", "deny 2001:db8::/32")]
    [InlineData("H:blacklist=::ffff:10.0.0.0/104", "deny 10.0.0.0/8")]
    [InlineData("H:allow-list=10.0.0.0/8 & H:deny-list=10.1.0.0/16", "allow 10.0.0.0/8 deny 10.1.0.0/16")]
    [InlineData("H:allow-list=10.1.0.0/16 & H:deny-list=10.0.0.0/8", "allow")]
    [InlineData("H:allow-list=10.0.0.0/8,10.1.0.0/16,10.0.0.0/8", "allow 10.0.0.0/8")]
    [InlineData("H:allow-list=0.0.0.0/0 & H:src-ip-header=X-Real-IP", "allow 0.0.0.0/0 by x-real-ip")]
    [InlineData("N:whitelist-source-range=10.0.0.0/8", "allow 10.0.0.0/8")]
    [InlineData("N:allowlist-source-range=10.0.0.0/8 & N:denylist-source-range=10.0.0.1", "allow 10.0.0.0/8 deny 10.0.0.1/32")]
    [InlineData("J:allowlist-source-range=10.0.0.0/8,!10.1.0.0/16", "allow 10.0.0.0/8 deny 10.1.0.0/16")]
    [InlineData("J:allowlist-source-range=10.1.0.0/16,!10.0.0.0/8", "allow")]
    [InlineData("J:denylist-source-range=10.0.0.0/8,!10.1.0.0/16", "deny 10.0.0.0/8 but 10.1.0.0/16")]
    [InlineData("J:denylist-source-range=10.0.0.0/8,!10.0.0.0/8", "deny")]
    [InlineData("J:allowlist-source-range=10.1.1.0/24 & J:denylist-source-range=10.0.0.0/8,!10.1.0.0/16", "allow 10.1.1.0/24")]
    [InlineData("J:allowlist-source-range=10.0.0.0/8 & sJ:allowlist-source-range=192.0.2.0/24", "allow 192.0.2.0/24")]
    [InlineData("J:allowlist-source-range=10.0.0.0/8 & J:allowlist-source-header=X-Real-IP", "allow 10.0.0.0/8 by x-real-ip")]
    [InlineData("ingress.kubernetes.io/allow-list=10.0.0.0/8", "allow 10.0.0.0/8")]
    public void Lists_are_networks_of_which_the_longest_decides(string lines, string expected)
    {
        var policy = Reading.Policy(lines);
        Assert.False(policy.Closed);
        Assert.Equal(expected, Text(policy.Sources!));
    }

    [Theory]
    [InlineData("H:allow-list=10.0.0.0/8,nonsense", "allow 10.0.0.0/8", false, "annotation haproxy.org/allow-list holds \"nonsense\"; write an address or a network such as 10.0.0.0/8, since it counts for nothing")]
    [InlineData("H:allow-list=patterns/office", "allow", false, "holds \"patterns/office\"")]
    [InlineData("H:allow-list=", "allow", false, "annotation haproxy.org/allow-list is empty; write addresses")]
    [InlineData("H:allow-list=,", "allow", false, "holds \"\"")]
    [InlineData("H:deny-list=10.0.0.0/8,nonsense", "deny 10.0.0.0/8", true, "until then every request is refused")]
    [InlineData("H:deny-list=", "deny", true, "until then every request is refused")]
    [InlineData("N:denylist-source-range=!10.0.0.0/8", "deny", true, "holds \"!10.0.0.0/8\"")]
    [InlineData("J:allowlist-source-range=10.0.0.0/8,!10.1.0.0/33", "allow 10.0.0.0/8", true, "holds \"!10.1.0.0/33\"")]
    [InlineData("J:denylist-source-range=10.0.0.0/8,!x", "deny 10.0.0.0/8", false, "holds \"!x\"")]
    [InlineData("J:allowlist-source-range=10.0.0.0/8 & J:allowlist-source-header=a b", "allow 10.0.0.0/8", true, "annotation haproxy-ingress.github.io/allowlist-source-header is \"a b\"")]
    public void What_cannot_be_read_lets_nobody_in(string lines, string expected, bool isClosed, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Equal((expected, isClosed), (Text(reading.Policy.Sources!), reading.Policy.Closed));
        Assert.Contains(problem, Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J:allowlist-source-range=10.0.0.0/8 & H:allow-list=192.0.2.0/24", "allow 10.0.0.0/8", "annotation haproxy.org/allow-list says otherwise than annotation haproxy-ingress.github.io/allowlist-source-range, and does not count")]
    [InlineData("N:allowlist-source-range=10.0.0.0/8 & H:allow-list=192.0.2.0/24", "allow 192.0.2.0/24", "annotation nginx.ingress.kubernetes.io/allowlist-source-range says otherwise")]
    [InlineData("N:allowlist-source-range=10.0.0.0/8 & N:whitelist-source-range=192.0.2.0/24", "allow 10.0.0.0/8", "whitelist-source-range is another name of what annotation nginx.ingress.kubernetes.io/allowlist-source-range says")]
    [InlineData("haproxy.com/allow-list=10.0.0.0/8 & H:allow-list=192.0.2.0/24", "allow 192.0.2.0/24", "annotation haproxy.com/allow-list is another name")]
    public void Of_two_that_contradict_one_counts_and_the_other_is_told(string lines, string expected, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Equal(expected, Text(reading.Policy.Sources!));
        var told = Assert.Single(reading.Problems);
        Assert.Equal(Reasons.AnnotationConflict, told.Reason);
        Assert.Contains(problem, told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_that_agree_are_no_problem() =>
        Assert.Equal("allow 10.0.0.0/8", Text(Reading.Policy("N:allowlist-source-range=10.0.0.0/8 & H:allow-list=10.0.0.0/8").Sources!));

    /// <summary>Membership as the longest network says it, and as the lists say it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Flat_lists_answer_as_the_lists_do(int seed)
    {
        var random = new Random(seed);
        var lists = new NetworkLists { Allow = random.Next(2) == 0 ? null : Some() };
        foreach (var list in new[] { lists.AllowExcept, lists.Deny, lists.DenyExcept })
            list.UnionWith(Some());
        var (allow, deny) = lists.Flatten();
        for (var i = 0; i < 256; i++)
        {
            var address = Network.Parse($"10.0.0.{i}")!.Value;
            var expected = (lists.Allow is null || (In(lists.Allow) && !In(lists.AllowExcept))) && (!In(lists.Deny) || In(lists.DenyExcept));
            var longest = allow.Select(static text => (Text: text, Allowed: true)).Concat(deny.Select(static text => (Text: text, Allowed: false)))
                .Select(static item => (Network: Network.Parse(item.Text)!.Value, item.Allowed))
                .Where(item => address.Of(item.Network.Length) == item.Network).OrderByDescending(static item => item.Network.Length).ToList();
            Assert.Equal(expected, longest.Count > 0 ? longest[0].Allowed : lists.Allow is null);
            bool In(HashSet<Network> networks) => networks.Any(network => address.Of(network.Length) == network);
        }

        HashSet<Network> Some() => [.. Enumerable.Range(0, random.Next(5)).Select(_ => Network.Parse($"10.0.0.{random.Next(256)}/{random.Next(22, 33)}")!.Value)];
    }

    private static string Text(SourceRules rules)
    {
        var allow = string.Concat(rules.Allow.Select(static network => $" {network}"));
        var deny = string.Concat(rules.Deny.Select(static network => $" {network}"));
        var text = rules.OnlyAllowed ? $"allow{allow}{(deny.Length > 0 ? " deny" + deny : "")}" : $"deny{deny}{(allow.Length > 0 ? " but" + allow : "")}";
        return rules.Header is null ? text : $"{text} by {rules.Header}";
    }
}
