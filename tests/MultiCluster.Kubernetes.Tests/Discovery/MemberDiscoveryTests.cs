using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.FakeApiServer;
using static MultiCluster.Kubernetes.Tests.Discovery.DiscoveryFixture;

namespace MultiCluster.Kubernetes.Tests.Discovery;

public sealed class MemberDiscoveryTests
{
    private const string SecretsTitle = "Secrets with a kubeconfig label";

    [Fact]
    public async Task Labelled_secrets_come_change_and_go()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("aws")));
        Assert.Equal("aws", fixture.Names);
        fixture.Home.Apply(Labelled("gcp"));
        await fixture.MembersAsync("aws gcp");
        Assert.Equal(EndpointAccess.Default, fixture.Members["gcp"].Access);
        fixture.Home.Apply(Labelled("aws", "https://other.example"));
        await fixture.WhenAsync(() => fixture.Members["aws"].KubeConfig.Server.Host == "other.example", "the new server");
        Assert.True(fixture.Home.Delete(ResourcePath.Secrets, KeyOf("gcp")));
        await fixture.MembersAsync("aws");
        Assert.Empty(fixture.Problems);
    }

    [Fact]
    public async Task A_secret_whose_label_goes_is_no_member_any_more()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("aws")));
        fixture.Home.Apply(Secret("aws", null, "2026-01-01T00:00:00Z", ("kubeconfig", KubeConfig("https://aws.example"))));
        await fixture.MembersAsync("");
    }

    [Fact]
    public async Task Istio_secrets_name_a_member_by_each_key()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Secret(
            "istio", DiscoveryOptions.IstioLabel, "2026-01-01T00:00:00Z", ("aws", KubeConfig("https://aws.example")), ("gcp", KubeConfig("https://gcp.example")))));
        Assert.Equal("aws gcp", fixture.Names);
        fixture.Home.Apply(Secret("istio", DiscoveryOptions.IstioLabel, "2026-01-01T00:00:00Z", ("gcp", KubeConfig("https://gcp.example"))));
        await fixture.MembersAsync("gcp");
        Assert.Equal("Secret clusters/istio", fixture.Members["gcp"].Origin);
    }

    [Fact]
    public async Task Only_secrets_that_are_needed_are_asked_for()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Secret("named", null, "2026-01-01T00:00:00Z", ("kubeconfig", KubeConfig("https://a.example"))));
            home.Apply(Cluster("aws", "named"));
        });
        Assert.Equal("aws", fixture.Names);
        Assert.All(
            fixture.Home.Requests.Where(static request => request.Contains("/secrets", StringComparison.Ordinal)),
            static request => Assert.True(
                request.Contains("labelSelector=", StringComparison.Ordinal)
                || request.Contains("/namespaces/clusters/secrets?", StringComparison.Ordinal) && request.Contains("fieldSelector=metadata.name%3Dnamed", StringComparison.Ordinal),
                request));
    }

    [Fact]
    public async Task A_member_cluster_says_all_of_a_member()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Secret("s", null, "2026-01-01T00:00:00Z", ("other", KubeConfig("https://a.example"))));
            home.Apply("""
                apiVersion: multicluster-ingress.github.io/v1alpha1
                kind: MemberCluster
                metadata: {name: aws, labels: {topology.kubernetes.io/region: eu}}
                spec:
                  kubeconfigSecretRef: {namespace: clusters, name: s, key: other}
                  endpointMode: NodePort
                  state: Drain
                  namespaces: [web, shop]
                  transport: {tls: true, verifyTls: true, proxyProtocol: true}
                """);
        });
        var member = fixture.Members["aws"];
        Assert.Equal(("MemberCluster aws", "aws", 1), (member.Origin, member.MemberCluster, member.Generation));
        Assert.Equal(new EndpointAccess(EndpointMode.NodePort, new EndpointTransport(true, true, true)), member.Access);
        Assert.Equal(MemberState.Drain, member.State);
        Assert.Equal(["web", "shop"], member.Namespaces);
        Assert.Equal("eu", member.Labels["topology.kubernetes.io/region"]);
        fixture.Home.Apply(Cluster("aws", "s", ", state: Disabled"));
        await fixture.ProblemAsync("MemberCluster aws", "Secret clusters/s has no key kubeconfig; the last kubeconfig goes on");
        Assert.Equal("aws", fixture.Names);
    }

    [Fact]
    public async Task A_secret_may_come_later_and_its_loss_leaves_the_last_kubeconfig()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Cluster("aws", "late")));
        await fixture.ProblemAsync("MemberCluster aws", "there is no Secret clusters/late; create it, with the key kubeconfig");
        Assert.Equal("", fixture.Names);
        fixture.Home.Apply(Secret("late", null, "2026-01-01T00:00:00Z", ("kubeconfig", KubeConfig("https://a.example"))));
        await fixture.MembersAsync("aws");
        await fixture.NoProblemAsync();
        fixture.Home.Delete(ResourcePath.Secrets, KeyOf("late"));
        await fixture.ProblemAsync("MemberCluster aws", "the last kubeconfig goes on");
        Assert.Equal("aws", fixture.Names);
        fixture.Home.Delete(ResourcePath.MemberClusters, new ObjectKey("", "aws"));
        await fixture.MembersAsync("");
        await fixture.NoProblemAsync();
    }

    [Fact]
    public async Task A_reference_to_another_secret_is_followed()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Secret("one", null, "2026-01-01T00:00:00Z", ("kubeconfig", KubeConfig("https://one.example"))));
            home.Apply(Secret("two", null, "2026-01-01T00:00:00Z", ("kubeconfig", KubeConfig("https://two.example"))));
            home.Apply(Cluster("aws", "one"));
        });
        fixture.Home.Apply(Cluster("aws", "two"));
        await fixture.WhenAsync(() => fixture.Members["aws"].KubeConfig.Server.Host == "two.example", "the other kubeconfig");
        Assert.DoesNotContain(fixture.Events, static e => e is DiscoveryEvent.Removed);
    }

    [Theory]
    [InlineData("garbage", "it holds no mapping; is it a kubeconfig?")]
    [InlineData("current-context: [", "line ")]
    public async Task What_is_no_kubeconfig_is_named_and_the_last_good_one_goes_on(string text, string problem)
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("aws")));
        fixture.Home.Apply(Secret("aws", DiscoveryOptions.SecretLabel + "=x", "2026-01-01T00:00:00Z", ("kubeconfig", text)));
        await fixture.ProblemAsync("Secret clusters/aws", problem);
        await fixture.ProblemAsync("Secret clusters/aws", "the last one goes on");
        fixture.Home.Apply(Secret("gcp", DiscoveryOptions.SecretLabel + "=x", "2026-01-01T00:00:00Z", ("kubeconfig", text)));
        await fixture.ProblemAsync("Secret clusters/gcp", problem);
        Assert.Equal("aws", fixture.Names);
    }

    [Fact]
    public async Task A_kubeconfig_that_would_run_a_program_is_refused()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Secret(
            "aws", DiscoveryOptions.SecretLabel + "=x", "2026-01-01T00:00:00Z",
            ("kubeconfig", KubeConfig("https://a.example", "{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh}}")))));
        await fixture.ProblemAsync("Secret clusters/aws", "it would run \"sh\" on the controller");
        Assert.Equal("", fixture.Names);
    }

    [Fact]
    public async Task Of_two_with_one_name_the_older_counts_and_the_other_takes_over()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Labelled("aws", "https://young.example", "2026-02-01T00:00:00Z"));
            home.Apply(Secret("istio", DiscoveryOptions.IstioLabel, "2026-01-01T00:00:00Z", ("aws", KubeConfig("https://old.example"))));
        });
        Assert.Equal("old.example", fixture.Members["aws"].KubeConfig.Server.Host);
        await fixture.ProblemAsync("Secret clusters/aws", "Secret clusters/istio, which is older, names a member aws already");
        fixture.Home.Delete(ResourcePath.Secrets, KeyOf("istio"));
        await fixture.WhenAsync(() => fixture.Members["aws"].KubeConfig.Server.Host == "young.example", "the other one");
        await fixture.NoProblemAsync();
        Assert.DoesNotContain(fixture.Events, static e => e is DiscoveryEvent.Removed);
    }

    [Fact]
    public async Task A_member_cluster_has_the_say_over_the_secret_it_refers_to()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Labelled("aws"));
            home.Apply(Cluster("aws", "aws", ", state: Drain", "2026-02-01T00:00:00Z"));
        });
        Assert.Equal(MemberState.Drain, fixture.Members["aws"].State);
        Assert.Empty(fixture.Problems);
    }

    [Fact]
    public async Task A_name_that_is_no_label_is_refused()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("a.b")));
        await fixture.ProblemAsync("Secret clusters/a.b", "\"a.b\" can't be a member's name: a DNS label");
        Assert.Equal("", fixture.Names);
    }

    [Fact]
    public async Task A_list_that_lacks_most_members_is_held()
    {
        await using var fixture = await StartAsync(static home => home.Apply(string.Join("\n---\n", "a b c d".Split(' ').Select(static name => Labelled(name)))));
        Assert.Equal("a b c d", fixture.Names);
        Relist(fixture, "a", "b", "c");
        await fixture.ProblemAsync(SecretsTitle, "the last list lacks 3 of 4 (clusters/a, clusters/b, clusters/c)");
        Assert.Equal("a b c d", fixture.Names);
        Assert.DoesNotContain(fixture.Events, static e => e is DiscoveryEvent.Removed);
    }

    /// <summary>Whoever waits for the members before it takes anything away has to hear of the difference.</summary>
    [Fact]
    public async Task All_is_known_when_each_source_has_answered_be_it_with_a_refusal_but_not_while_one_is_out_of_reach()
    {
        await using var refused = await StartAsync(static home =>
        {
            home.Apply(Labelled("aws"));
            home.Access.Deny("list", ResourcePath.MemberClusters);
        });
        await refused.WhenAsync(() => refused.Events.Any(static e => e is DiscoveryEvent.Whole), "Whole");
        Assert.Equal("aws", refused.Names);

        await using var broken = await StartAsync(static home =>
        {
            home.Apply(Labelled("aws"));
            home.Faults.Fail(ResourcePath.MemberClusters, 500, times: 100_000, FaultVerb.List);
        });
        Assert.Equal("aws", broken.Names);
        Assert.DoesNotContain(broken.Events, static e => e is DiscoveryEvent.Whole);
        broken.Home.Faults.Clear();
        await broken.WhenAsync(() => broken.Events.Any(static e => e is DiscoveryEvent.Whole), "Whole");
    }

    /// <summary>The credentials for the home cluster itself are followed like those of a member.</summary>
    [Fact]
    public async Task The_kubeconfig_of_the_home_cluster_may_come_late_and_change()
    {
        var slot = new KubeConfigSlot("the home cluster's kubeconfig");
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("aws")), home: _ => slot);
        await fixture.ProblemAsync("the home cluster", "has not come yet");
        Assert.Equal("", fixture.Names);
        slot.Set(new KubeConfigResult(ClusterFixture.Load(fixture.Home.KubeConfigPath), null));
        await fixture.MembersAsync("aws");
        await fixture.NoProblemAsync();
        slot.Set(new KubeConfigResult(null, "it is gone"));
        await fixture.ProblemAsync("the home cluster", "it is gone");
        fixture.Home.Apply(Labelled("gcp"));
        await fixture.MembersAsync("aws gcp");
    }

    [Fact]
    public async Task A_repeated_list_confirms_nothing_and_what_comes_back_is_no_longer_held()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("a") + "\n---\n" + Labelled("b")));
        Relist(fixture, "a", "b");
        await fixture.ProblemAsync(SecretsTitle, "lacks 2 of 2");
        Relist(fixture);
        fixture.Home.Apply(Labelled("a"));
        await fixture.ProblemAsync(SecretsTitle, "lacks 1 of 2");
        Relist(fixture);
        fixture.Home.Apply(Labelled("c"));
        await fixture.MembersAsync("a b c");
        await fixture.ProblemAsync(SecretsTitle, "lacks 1 of 3");
        fixture.Home.Apply(Labelled("b"));
        await fixture.NoProblemAsync();
        Assert.DoesNotContain(fixture.Events, static e => e is DiscoveryEvent.Removed);
    }

    [Fact]
    public async Task A_list_that_lacks_few_removes_them()
    {
        await using var fixture = await StartAsync(static home => home.Apply(string.Join("\n---\n", "a b c".Split(' ').Select(static name => Labelled(name)))));
        Relist(fixture, "b");
        await fixture.MembersAsync("a c");
        Assert.Empty(fixture.Problems);
    }

    [Fact]
    public async Task A_home_that_can_t_be_read_changes_nothing()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("a") + "\n---\n" + Labelled("b")));
        await fixture.Home.PauseAsync();
        await fixture.ProblemAsync(SecretsTitle, "they can't be read, what is known of them stays");
        Assert.Equal("a b", fixture.Names);
        await fixture.Home.ResumeAsync();
        await fixture.NoProblemAsync();
        Assert.DoesNotContain(fixture.Events, static e => e is DiscoveryEvent.Removed);
    }

    [Fact]
    public async Task Each_right_that_is_missing_is_a_problem_of_its_source()
    {
        await using var fixture = await StartAsync(static home =>
        {
            home.Apply(Labelled("a"));
            home.Access.Deny("list", ResourcePath.MemberClusters);
        });
        Assert.Equal("a", fixture.Names);
        await fixture.ProblemAsync("MemberClusters", "grant list and watch on memberclusters.multicluster-ingress.github.io");
        fixture.Home.Access.AllowAll();
        await fixture.NoProblemAsync();
    }

    [Fact]
    public async Task A_secret_that_may_not_be_read_is_named()
    {
        await using var fixture = await StartAsync(
            static home =>
            {
                home.Apply(Cluster("aws", "s"));
                home.Access.Deny("list", ResourcePath.Secrets);
            },
            new DiscoveryOptions { LabelledSecrets = false, IstioSecrets = false });
        await fixture.ProblemAsync("MemberCluster aws", "Secret clusters/s can't be read: 403");
    }

    [Fact]
    public async Task Without_the_crd_there_are_secrets_all_the_same()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("a")), cluster: new FakeClusterOptions { HasCustomResources = false });
        Assert.Equal("a", fixture.Names);
        await fixture.ProblemAsync("MemberClusters", "CRD memberclusters.multicluster-ingress.github.io is not installed");
    }

    [Fact]
    public async Task No_text_shows_a_secret()
    {
        await using var fixture = await StartAsync(static home => home.Apply(Labelled("a")));
        Assert.DoesNotContain("very-secret", string.Join(' ', fixture.Events), StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", fixture.Members["a"].ToString(), StringComparison.Ordinal);
    }

    /// <summary>A relist in which these are missing, though nobody has seen them deleted.</summary>
    private static void Relist(DiscoveryFixture fixture, params string[] without) =>
        fixture.Home.Lose(ResourcePath.Secrets, [.. without.Select(KeyOf)]);
}
