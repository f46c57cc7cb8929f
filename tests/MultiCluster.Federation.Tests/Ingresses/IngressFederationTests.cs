using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class IngressFederationTests
{
    [Fact]
    public void No_copies_no_fragment() => Assert.Null(IngressFederation.Merge(Make.Shop, [], Make.Now));

    [Fact]
    public void XT01_equal_copies_are_one_route_of_both_members()
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop")));

        var fragment = Make.Merge(ingress.CopyIn(Make.Gcp), ingress.CreatedOn(2).CopyIn(Make.Aws));

        var claim = Assert.Single(fragment.Routes);
        Assert.Equal([Make.Aws, Make.Gcp], claim.Members);
        Assert.Equal(new Rank(Make.Day(1), Make.Gcp, Make.Shop), claim.Rank);
        Assert.Equal([Make.Aws, Make.Gcp], fragment.AcceptedMembers);
        Assert.All(fragment.Conditions, static item => Assert.Equal(item.Condition.Type != ConditionType.Conflict, item.Condition.Status));
    }

    [Fact]
    public void XT02_a_path_goes_to_the_members_that_declare_it()
    {
        var fragment = Make.Merge(
            Make.Ingress(Make.Rule("shop.example", Make.Path("/a", "a"), Make.Path("/both", "b"))).CopyIn(Make.Aws),
            Make.Ingress(Make.Rule("shop.example", Make.Path("/c", "c"), Make.Path("/both", "b"))).CopyIn(Make.Gcp));

        Assert.Equal(
            ["shop.example/a (Prefix) aws", "shop.example/both (Prefix) aws,gcp", "shop.example/c (Prefix) gcp"],
            fragment.Routes.Select(static claim => $"{claim.Key} {string.Join(',', claim.Members)}"));
        Assert.False(fragment.ConditionOf(ConditionType.Conflict)!.Status);
    }

    [Fact]
    public void XT03_of_two_backends_for_one_path_the_older_copy_wins_and_both_copies_say_so()
    {
        var older = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "old"))).CreatedOn(1).CopyIn(Make.Gcp);
        var younger = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "new"), Make.Path("/y", "new"))).CreatedOn(2).CopyIn(Make.Aws);

        var fragment = Make.Merge(younger, older);

        Assert.Equal(
            ["shop.example/x (Prefix) web/old:80 gcp", "shop.example/y (Prefix) web/new:80 aws"],
            fragment.Routes.Select(static claim => $"{claim.Key} {claim.Backend} {string.Join(',', claim.Members)}"));
        foreach (var member in (MemberName[])[Make.Aws, Make.Gcp])
        {
            var condition = fragment.ConditionOf(ConditionType.Conflict, member)!;
            Assert.Equal((true, Reasons.PathConflict), (condition.Status, condition.Reason));
            Assert.Contains("shop.example/x (Prefix) goes to web/old:80 as in gcp", condition.Message, StringComparison.Ordinal);
            Assert.Contains("aws names web/new:80, which is ignored", condition.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void XT03_an_edit_of_the_loser_leaves_the_winner_alone()
    {
        var winner = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "old"))).CreatedOn(1).CopyIn(Make.Gcp);
        var loser = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "new"))).CreatedOn(2).CopyIn(Make.Aws);
        var edited = Make.Ingress(Make.Rule("shop.example", Make.Path("/x", "other"))).CreatedOn(2).CopyIn(Make.Aws);

        Assert.Equal(Make.Merge(winner, loser).Routes, Make.Merge(winner, edited).Routes);
    }

    [Fact]
    public void XT04_of_equal_ages_the_lower_member_name_wins_in_any_order()
    {
        IngressCopy[] copies =
        [
            .. ((string[])["b", "c", "a"]).Select(static name =>
                Make.Ingress(Make.Rule("shop.example", Make.Path("/", name))).CopyIn(new MemberName(name))),
        ];

        foreach (var order in Permutations(copies))
        {
            var fragment = Make.Merge(order);
            Assert.Equal("web/a:80", Assert.Single(fragment.Routes).Backend.ToString());
            Assert.Equal(Make.Merge(copies), fragment);
        }
    }

    [Fact]
    public void XT10_a_copy_of_another_class_is_left_out_alone()
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop")));
        var foreign = ingress with { ClassName = "nginx" };

        var fragment = Make.Merge(ingress.CopyIn(Make.Aws), foreign.CopyIn(Make.Gcp) with { Class = ClassVerdict.Foreign });

        Assert.Equal([Make.Aws], Assert.Single(fragment.Routes).Members);
        Assert.Equal([Make.Aws], fragment.AcceptedMembers);
        Assert.True(fragment.ConditionOf(ConditionType.Accepted)!.Status);
        var condition = Assert.Single(fragment.Conditions, static item => item.Member == Make.Gcp).Condition;
        Assert.Equal((ConditionType.Accepted, false, Reasons.ClassConflict), (condition.Type, condition.Status, condition.Reason));
        Assert.Contains("\"nginx\"", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClassVerdict.Foreign, Reasons.NotOurClass)]
    [InlineData(ClassVerdict.Missing, Reasons.ClassNotFound)]
    [InlineData(ClassVerdict.Contradictory, Reasons.ClassConflict)]
    public void What_is_not_ours_claims_nothing(ClassVerdict verdict, string reason)
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))) with { ClassName = "x" };

        var fragment = Make.Merge(ingress.CopyIn(Make.Aws) with { Class = verdict });

        Assert.Empty(fragment.Routes);
        Assert.Empty(fragment.AcceptedMembers);
        var condition = Assert.Single(fragment.Conditions).Condition;
        Assert.Equal((ConditionType.Accepted, false, reason), (condition.Type, condition.Status, condition.Reason));
    }

    [Fact]
    public void A_missing_service_keeps_the_route_and_names_the_member()
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop")));

        var fragment = Make.Merge(ingress.CopyIn(Make.Aws), ingress.CopyIn(Make.Gcp, Make.Service("other")));

        Assert.Equal([Make.Aws, Make.Gcp], Assert.Single(fragment.Routes).Members);
        Assert.True(fragment.ConditionOf(ConditionType.ResolvedRefs)!.Status);
        var condition = fragment.ConditionOf(ConditionType.ResolvedRefs, Make.Gcp)!;
        Assert.Equal((false, Reasons.ServiceNotFound), (condition.Status, condition.Reason));
        Assert.Equal(
            "gcp: Ingress web/shop: spec.rules[0].http.paths[0].backend.service.name names Service web/shop, which gcp does not have; create it there",
            condition.Message);
    }

    [Theory]
    [InlineData("http", null, "TCP", null)]
    [InlineData(null, 80, "TCP", null)]
    [InlineData("https", null, "TCP", Reasons.ServicePortNotFound)]
    [InlineData(null, 81, "TCP", Reasons.ServicePortNotFound)]
    [InlineData(null, 80, "UDP", Reasons.ServicePortNotFound)]
    public void A_port_is_found_by_name_or_number(string? name, int? number, string protocol, string? reason)
    {
        var path = new IngressPath("/", "Prefix", new IngressBackend("shop", name, number));

        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", path)), Make.Service("shop", Make.Port(80, "http", protocol)));

        var condition = fragment.ConditionOf(ConditionType.ResolvedRefs)!;
        Assert.Equal((reason is null, reason ?? Reasons.ResolvedRefs), (condition.Status, condition.Reason));
        Assert.Single(fragment.Routes);
    }

    [Theory]
    [InlineData(null, 4711, true)]
    [InlineData("http", null, false)]
    public void An_external_name_without_ports_takes_any_number(string? name, int? number, bool resolved)
    {
        var external = Make.Service("shop") with { Type = "ExternalName", ExternalName = "db.example", Ports = [] };
        var path = new IngressPath("/", "Prefix", new IngressBackend("shop", name, number));

        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", path)), external);

        Assert.Equal(resolved, fragment.ConditionOf(ConditionType.ResolvedRefs)!.Status);
    }

    public static TheoryData<IngressBackend?, string, string> BadBackends => new()
    {
        { null, Reasons.InvalidBackend, "backend is missing" },
        { new IngressBackend(null, null, 80), Reasons.InvalidBackend, "service.name" },
        { new IngressBackend("A b", null, 80), Reasons.InvalidBackend, "\"A b\"" },
        { new IngressBackend("x/../y", null, 80), Reasons.InvalidBackend, "service.name" },
        { new IngressBackend("a", null, null), Reasons.InvalidBackend, "port is missing" },
        { new IngressBackend("a", "", 0), Reasons.InvalidBackend, "port is missing" },
        { new IngressBackend("a", "http", 80), Reasons.InvalidBackend, "a name and a number" },
        { new IngressBackend("a", "h;\n", null), Reasons.InvalidBackend, "port.name" },
        { new IngressBackend("a", null, 65536), Reasons.InvalidBackend, "65536 is no port" },
        { new IngressBackend("a", null, -1), Reasons.InvalidBackend, "-1 is no port" },
        { new IngressBackend(null, null, null, "StorageBucket/x"), Reasons.UnsupportedBackend, "\"StorageBucket/x\"" },
    };

    [Theory]
    [MemberData(nameof(BadBackends))]
    public void A_bad_backend_costs_its_path_only(IngressBackend? backend, string reason, string expected)
    {
        var ingress = Make.Ingress(Make.Rule("a.example", Make.Path("/good", "a"), new IngressPath("/bad", "Prefix", backend)));

        var fragment = Make.MergeOne(ingress);

        Assert.Equal("/good", Assert.Single(fragment.Routes).Key.Path);
        var condition = fragment.ConditionOf(ConditionType.PartiallyInvalid)!;
        Assert.Equal(reason, condition.Reason);
        Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shop.Example", "shop.example")]
    [InlineData("*.shop.example", "*.shop.example")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("a-b.c1", "a-b.c1")]
    public void Hosts_are_lower_case(string? host, string expected)
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule(host, Make.Path("/", "a"))));

        Assert.Equal(expected, Assert.Single(fragment.Routes).Key.Host);
    }

    [Theory]
    [InlineData("10.0.0.1", "is an IP address")]
    [InlineData("::1", "is an IP address")]
    [InlineData("*", "wildcard")]
    [InlineData("*foo.example", "wildcard")]
    [InlineData("a.*.example", "wildcard")]
    [InlineData("*.*.example", "wildcard")]
    [InlineData("foo.example.", "no DNS name")]
    [InlineData("foo..example", "no DNS name")]
    [InlineData("-foo.example", "no DNS name")]
    [InlineData("foo/bar", "no DNS name")]
    [InlineData("foo.example:80", "no DNS name")]
    [InlineData("foo;bar", "no DNS name")]
    [InlineData("foo\nbar", "no DNS name")]
    [InlineData("foo bar", "no DNS name")]
    [InlineData("%[x]", "no DNS name")]
    [InlineData("bücher.example", "no DNS name")]
    [InlineData("shop.\u212Aelvin", "no DNS name")]
    [InlineData("[::1]", "no DNS name")]
    public void A_bad_host_costs_its_rule_only(string host, string expected)
    {
        var fragment = Make.MergeOne(Make.Ingress(
            Make.Rule(host, Make.Path("/", "a"), Make.Path("/b", "b")), Make.Rule("good.example", Make.Path("/", "a"))));

        Assert.Equal("good.example", Assert.Single(fragment.Routes).Key.Host);
        var condition = fragment.ConditionOf(ConditionType.PartiallyInvalid)!;
        Assert.Equal(Reasons.InvalidHost, condition.Reason);
        Assert.Contains("spec.rules[0].host ", condition.Message, StringComparison.Ordinal);
        Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_of_10000_characters_is_refused_in_a_short_message()
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule(new string('a', 10_000), Make.Path("/", "a"))));

        var condition = fragment.ConditionOf(ConditionType.Accepted)!;
        Assert.Equal((false, Reasons.InvalidHost), (condition.Status, condition.Reason));
        Assert.Contains("has 10000 characters", condition.Message, StringComparison.Ordinal);
        Assert.True(condition.Message.Length < 300, condition.Message);
    }

    [Fact]
    public void A_path_given_twice_keeps_the_first_backend()
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", Make.Path("/x", "a"), Make.Path("/x/", "b"), Make.Path("/x", "a"))));

        Assert.Equal("web/a:80", Assert.Single(fragment.Routes).Backend.ToString());
        var condition = fragment.ConditionOf(ConditionType.PartiallyInvalid)!;
        Assert.Equal(Reasons.DuplicatePath, condition.Reason);
        Assert.Contains("spec.rules[0].http.paths[1].backend is for a.example/x (Prefix)", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_backend_is_claimed_for_every_host_and_for_its_own_hosts()
    {
        var ingress = Make.Ingress(Make.Rule("a.example", Make.Path("/x", "a")), Make.Rule("*.b.example")) with { DefaultBackend = Make.To("d") };

        var fragment = Make.MergeOne(ingress);

        Assert.Equal(
            ["*/ (Default) web/d:80", "*.b.example/ (Default) web/d:80", "a.example/ (Default) web/d:80", "a.example/x (Prefix) web/a:80"],
            fragment.Routes.Select(static claim => $"{claim.Key} {claim.Backend}"));
    }

    [Fact]
    public void Copies_with_other_default_backends_conflict()
    {
        var first = Make.Ingress() with { DefaultBackend = Make.To("a") };
        var second = Make.Ingress() with { DefaultBackend = Make.To("b") };

        var fragment = Make.Merge(first.CopyIn(Make.Aws), second.CopyIn(Make.Gcp));

        Assert.Equal("web/a:80", Assert.Single(fragment.Routes).Backend.ToString());
        Assert.Equal(Reasons.DefaultBackendConflict, fragment.ConditionOf(ConditionType.Conflict, Make.Gcp)!.Reason);
    }

    [Fact]
    public void An_empty_ingress_is_not_accepted() =>
        Assert.Equal(Reasons.InvalidObject, Make.MergeOne(Make.Ingress()).ConditionOf(ConditionType.Accepted)!.Reason);

    [Fact]
    public void An_object_that_did_not_decode_is_not_accepted()
    {
        var broken = Make.Ingress(Make.Rule("a.example", Make.Path("/", "a"))) with { DecodeError = "spec.rules: expected a list\n" };

        var fragment = Make.MergeOne(broken);

        Assert.Empty(fragment.Routes);
        var condition = fragment.ConditionOf(ConditionType.Accepted)!;
        Assert.Equal((false, Reasons.InvalidObject), (condition.Status, condition.Reason));
        Assert.Contains("expected a list\\u000a", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_bad_paths_give_one_short_message()
    {
        IngressPath[] paths = [.. Enumerable.Range(0, 1000).Select(static i => Make.Path($"bad{i}", "a")), Make.Path("/", "a")];

        var condition = Make.MergeOne(Make.Ingress(Make.Rule("a.example", paths))).ConditionOf(ConditionType.PartiallyInvalid)!;

        Assert.EndsWith("; and 995 more", condition.Message, StringComparison.Ordinal);
        Assert.True(condition.Message.Length < 1000);
        Assert.Equal(1000, condition.Details.Count);
        Assert.Contains(condition.Details, static detail => detail.StartsWith("spec.rules[0].http.paths[999].path ", StringComparison.Ordinal));
    }

    [Fact]
    public void Conflicts_with_other_ingresses_join_those_between_copies()
    {
        Condition[] others = [new(ConditionType.Conflict, true, Reasons.PathConflict, "lost to web/other")];
        var alone = Make.MergeOne(Make.Ingress(Make.Rule("a.example", Make.Path("/", "a"))));

        var told = ConditionSets.WithConflicts(alone.Conditions, [.. others]);

        Assert.Equal(others[0], told.Single(static item => item.Condition.Type == ConditionType.Conflict).Condition);
        Assert.Equal(alone.Conditions.Count, told.Count);
        Assert.Equal(alone.Conditions, ConditionSets.WithConflicts(alone.Conditions, []));
    }

    private static IEnumerable<T[]> Permutations<T>(T[] items) => items.Length <= 1
        ? [items]
        : Enumerable.Range(0, items.Length).SelectMany(i =>
            Permutations<T>([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[items[i], .. rest]));
}
