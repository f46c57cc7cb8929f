using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class MemberViewTests
{
    [Fact]
    public async Task Members_are_listed_with_their_state_and_all_their_problems()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Members, MemberSample.Members);
        Assert.Equal(0, await mcctl.RunAsync("member", "list"));
        Assert.Equal(
            """
            NAME   STATE    STATUS        REGION      MODE    INGRESSES   SERVICES   ENDPOINTS   SESSIONS   LAST EVENT   PROBLEMS
            aws    Active   Ready         eu-west-1   PodIP   3           4          120         12         42s          -
            gcp    Active   Degraded      -           PodIP   1           1          2           -          7m30s        shop.yaml:3: malformed YAML; x.yaml: no such kind
            new    Active   Reading       -           PodIP   0           0          0           -          -            -
            old    Active   Unreachable   -           PodIP   9           9          9           -          2d2h         Ingress: connection refused

            """,
            mcctl.Output);
        Assert.Empty(mcctl.Error);
    }

    [Fact]
    public async Task What_names_a_member_and_can_not_be_used_is_listed()
    {
        using var bad = new Mcctl().Answer(AdminPaths.MemberProblems, new MemberProblemsView(["Secret clusters/aws: it has no key kubeconfig", "MemberCluster gcp: no"]));
        Assert.Equal(0, await bad.RunAsync("member", "problems"));
        Assert.Equal("Secret clusters/aws: it has no key kubeconfig\nMemberCluster gcp: no\n", bad.Output);

        using var good = new Mcctl().Answer(AdminPaths.MemberProblems, new MemberProblemsView([]));
        Assert.Equal(0, await good.RunAsync("member", "problems"));
        Assert.Contains("can be used", good.Output + good.Error, StringComparison.Ordinal);
    }

    public static TheoryData<MemberDetailView, string> Statuses => new()
    {
        { MemberSample.Aws, "Ready" },
        { MemberSample.Aws with { Member = MemberSample.Aws.Member with { Problems = ["a"] } }, "Degraded" },
        { MemberSample.Aws with { Member = MemberSample.Aws.Member with { Problems = ["a"], Complete = false } }, "Reading" },
        { MemberSample.Aws with { Stale = true, BehindSeconds = 725 }, "Stale 12m" },
        { MemberSample.Aws with { Stale = true }, "Stale" },
        { MemberSample.Aws with { Stale = true, BehindSeconds = 725, Held = ["90 of 120 endpoints"] }, "Held" },
        { MemberSample.Aws with { Stale = true, Held = ["a"], Member = MemberSample.Aws.Member with { Reachable = false } }, "Unreachable" },
        { MemberSample.Aws with { Registered = false, Member = MemberSample.Aws.Member with { Reachable = false } }, "Unregistered" },
        { MemberSample.Aws with { Registered = false, Leaving = true }, "Leaving" },
        { MemberSample.Aws with { Registered = false, Leaving = true, Removed = true }, "Removed" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task The_status_is_what_one_has_to_know_first(MemberDetailView member, string status)
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<MemberDetailView>>(AdminPaths.Members, [member]);
        Assert.Equal(0, await mcctl.RunAsync("member", "list"));
        Assert.StartsWith($"aws    Active   {status}   ", mcctl.Output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_back_is_a_problem_whatever_the_status_with_the_command_that_releases_it()
    {
        var member = MemberSample.Aws with { Held = ["a", "b"], Member = MemberSample.Aws.Member with { Reachable = false, Problems = ["no route"] } };
        using var mcctl = new Mcctl().Answer<IReadOnlyList<MemberDetailView>>(AdminPaths.Members, [member]);
        await mcctl.RunAsync("member", "list");
        Assert.EndsWith("   2 items held back (mcctl member approve aws); no route\n", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_member_is_shown_with_everything()
    {
        var member = MemberSample.Aws with
        {
            State = "Drain",
            Ordered = "Drain",
            Stale = true,
            BehindSeconds = 725,
            Held = ["90 of 120 endpoints"],
            Member = MemberSample.Aws.Member with { Problems = ["Secret: forbidden"], Complete = false },
            Conditions =
            [
                new ConditionView("aws", "Reachable", true, "Reachable", "It answers."),
                new ConditionView("aws", "Stale", true, "MassShrink", "90 of 120 endpoints are gone at once."),
            ],
        };
        using var mcctl = new Mcctl().Answer(AdminPaths.Member("aws"), member);
        Assert.Equal(0, await mcctl.RunAsync("member", "show", "aws"));
        Assert.Equal(
            """
            Name:           aws (the home cluster)
            State:          Drain, as an operator has ordered
            Status:         Held
            Source:         https://aws.example:6443
            Region:         eu-west-1
            Zone:           eu-west-1a
            Endpoint mode:  PodIP
            Labels:         env=live, tier=prod
            Holds:          3 Ingresses, 4 Services, 120 endpoints; not all has been read yet
            Last event:     42s ago
            Behind:         for 12m; what was known before is served

            Sessions:
              PROXY   SESSIONS
              edge    8
              local   4

            Held back:
              90 of 120 endpoints
              It looks like a loss; if it is meant: mcctl member approve aws

            Problems:
              Secret: forbidden

            Conditions:
              MEMBER   TYPE        STATUS   REASON       MESSAGE
              aws      Reachable   True     Reachable    It answers.
              aws      Stale       True     MassShrink   90 of 120 endpoints are gone at once.

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_member_of_which_little_is_known_says_so()
    {
        var member = MemberSample.Of("", new MemberView("new", "/clusters/new", true, true, 1, 1, 1, null, [])) with { State = "Disabled", Ordered = "Drain", EndpointMode = "", SilentControllers = ["c2"] };
        using var mcctl = new Mcctl().Answer(AdminPaths.Member("new"), member);
        Assert.Equal(0, await mcctl.RunAsync("member", "show", "new"));
        Assert.Equal(
            """
            Name:           new
            State:          Disabled; an operator has ordered Drain
            Status:         Ready
            Source:         /clusters/new
            Region:         -
            Zone:           -
            Endpoint mode:  -
            Labels:         -
            Holds:          1 Ingress, 1 Service, 1 endpoint
            Last event:     none yet
            Behind:         no

            Sessions: not known, no proxy could be asked
              not known of proxies told by c2, which does not answer

            Held back: nothing

            Problems: nothing

            Conditions: none

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_stale_condition_is_trouble_only_while_it_is_true_and_an_overridden_one_never()
    {
        ConditionView[] conditions =
        [
            new("aws", "Stale", true, "Unreachable", ""),
            new("gcp", "Stale", false, "Fresh", ""),
            new("aws", "Overridden", true, "FederatedIngress", ""),
            new("gcp", "Overridden", false, "NoFederatedIngress", ""),
        ];
        using var mcctl = new Mcctl().Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [Sample.Shop with { Conditions = conditions }]);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "list"));
        Assert.Contains("shop        shop   Unreachable   aws,gcp", mcctl.Output, StringComparison.Ordinal);
    }
}
