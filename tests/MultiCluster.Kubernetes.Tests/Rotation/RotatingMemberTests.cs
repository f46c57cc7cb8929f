using System.Text;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Rotation;

/// <summary>P6, XT-49: credentials are replaced make before break, and bad ones change nothing.</summary>
public sealed class RotatingMemberTests
{
    private static CancellationToken Deadline => new CancellationTokenSource(RecordingSink.Deadline).Token;

    [Fact]
    public async Task A_new_token_in_the_kubeconfig_moves_the_watches()
    {
        await using var fixture = await StartedAsync();
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        fixture.Write(fixture.Cluster.KubeConfigText("{token: second}"));
        await fixture.MovedAsync(before);
        await fixture.Cluster.WhenWatchersAsync(ResourcePath.Services, 1, Deadline);

        // What is left is the new one: the old token is worth nothing now.
        fixture.Cluster.Token = "revoked";
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.StillWatchingAsync("after");
        Assert.Empty(fixture.Member.Problems);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
    }

    [Fact]
    public async Task A_watch_goes_on_from_the_last_version_that_was_seen()
    {
        await using var fixture = await StartedAsync();
        var version = fixture.Cluster.Apply(System.Text.Json.Nodes.JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"last"},"spec":{}}""")!);
        await fixture.Sink.UpsertedAsync<ServiceResource>("last");
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        fixture.Write(fixture.Cluster.KubeConfigText("{token: second}"));
        await fixture.WhenAsync(
            () => fixture.Cluster.Requests.Skip(before).Any(
                r => r.Contains($"services?watch=true&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=", StringComparison.Ordinal)),
            "a watch from the last version");
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_new_token_file_moves_the_watches()
    {
        await using var fixture = await RotationFixture.StartAsync();
        TestFiles.Write(fixture.PathOf("token"), fixture.Cluster.Token);
        fixture.Write(fixture.Cluster.KubeConfigText("{tokenFile: token}"));
        await fixture.RunAsync();
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        TestFiles.Write(fixture.PathOf("token"), "second");
        await fixture.MovedAsync(before);
        fixture.Cluster.Token = "revoked";
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_mounted_secret_that_is_swapped_by_its_link_is_seen()
    {
        await using var fixture = await RotationFixture.StartAsync();
        foreach (var (folder, token) in new[] { ("..1", fixture.Cluster.Token), ("..2", "second") })
        {
            Directory.CreateDirectory(fixture.PathOf(folder));
            TestFiles.Write(Path.Combine(fixture.PathOf(folder), "config"), fixture.Cluster.KubeConfigText($"{{token: {token}}}"));
        }

        File.CreateSymbolicLink(fixture.PathOf("..data"), "..1");
        File.CreateSymbolicLink(fixture.KubeConfigPath, "..data/config");
        await fixture.RunAsync();
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        File.CreateSymbolicLink(fixture.PathOf("..data_tmp"), "..2");
        Rename(fixture.PathOf("..data_tmp"), fixture.PathOf("..data"));
        await fixture.MovedAsync(before);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_new_client_certificate_moves_the_watches()
    {
        await using var fixture = await StartedAsync(FakeAuthentication.ClientCertificate);
        var (certificate, key) = fixture.Cluster.IssueClientCertificate();
        var before = fixture.Cluster.Requests.Count;
        fixture.Write(fixture.Cluster.KubeConfigText(FakeCluster.CertificateUser(certificate, key)));
        await fixture.MovedAsync(before);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_new_bundle_of_authorities_moves_the_watches_and_a_wrong_one_does_not()
    {
        await using var fixture = await StartedAsync();
        await using var other = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true });
        fixture.Write(fixture.Cluster.KubeConfigText(authorityPem: other.AuthorityPem));
        await fixture.ProblemAsync("TLS with");
        await fixture.StillWatchingAsync("during");
        var before = fixture.Cluster.Requests.Count;
        fixture.Write(fixture.Cluster.KubeConfigText(authorityPem: other.AuthorityPem + "\n" + fixture.Cluster.AuthorityPem));
        await fixture.MovedAsync(before);
        await fixture.NoProblemAsync();
        await fixture.StillWatchingAsync("after");
    }

    [Theory]
    [InlineData("401", "401 Unauthorized")]
    [InlineData("403", "403 Forbidden")]
    [InlineData("watch", "403 Forbidden")]
    [InlineData("yaml", "line ")]
    [InlineData("empty", "is empty")]
    [InlineData("html", "it holds no mapping; is it a kubeconfig?")]
    [InlineData("gone", "can't be read")]
    [InlineData("exec", "can't be started")]
    public async Task Bad_credentials_are_a_problem_and_the_old_watch_goes_on(string what, string problem)
    {
        await using var fixture = await StartedAsync();
        Break(fixture, what);
        await fixture.ProblemAsync(problem);
        await fixture.StillWatchingAsync("during");
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
        fixture.Write(fixture.Cluster.KubeConfigText());
        await fixture.NoProblemAsync();
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task Bad_credentials_that_become_good_are_tried_again()
    {
        await using var fixture = await StartedAsync();
        fixture.Write(fixture.Cluster.KubeConfigText("{token: second}"));
        await fixture.ProblemAsync("401");
        fixture.Cluster.AcceptToken("second");
        await fixture.NoProblemAsync();
        fixture.Cluster.Token = "revoked";
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.StillWatchingAsync("after");
    }

    /// <summary>Of what the HTTP client itself would throw on.</summary>
    [Theory]
    [InlineData("{token: \"sec ond\"}", "no HTTP header may hold")]
    [InlineData("{token: \"sec\\tond\"}", "no HTTP header may hold")]
    [InlineData("{token: \"first\\nsecond\"}", "no HTTP header may hold")]
    [InlineData("{token: \"sécond\"}", "no HTTP header may hold")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin}}", "no HTTP header may hold")]
    [InlineData(null, "tls-server-name \"https://api.example\" is no host name")]
    public async Task Credentials_that_no_request_can_be_made_with_are_a_problem_and_the_old_watch_goes_on(string? user, string problem)
    {
        await using var fixture = await StartedAsync();
        TestFiles.WriteScript(
            fixture.PathOf("plugin"), """printf '%s' '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "a\nb"}}'""");
        fixture.Write(user is null
            ? fixture.Cluster.KubeConfigText().Replace("server:", "tls-server-name: \"https://api.example\"\n    server:", StringComparison.Ordinal)
            : fixture.Cluster.KubeConfigText(user));
        await fixture.ProblemAsync(problem);
        await fixture.StillWatchingAsync("during");
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
    }

    [Fact]
    public async Task A_token_may_end_with_the_line_break_of_a_block_of_YAML()
    {
        await using var fixture = await StartedAsync();
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        fixture.Write(fixture.Cluster.KubeConfigText("{token: \"second\\n\"}"));
        await fixture.MovedAsync(before);
    }

    [Fact]
    public async Task No_problem_shows_a_credential()
    {
        await using var fixture = await StartedAsync();
        fixture.Write(fixture.Cluster.KubeConfigText("{token: very-secret-token}"));
        await fixture.ProblemAsync("401");
        Assert.All(fixture.Member.Problems, static problem => Assert.DoesNotContain("very-secret", problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_can_t_be_reached_keeps_the_old_watch()
    {
        await using var fixture = await StartedAsync();
        fixture.Write(fixture.Cluster.KubeConfigText().Replace($":{fixture.Cluster.Address.Port}", ":1", StringComparison.Ordinal));
        await fixture.ProblemAsync("Unreachable");
        await fixture.StillWatchingAsync("during");
    }

    [Fact]
    public async Task Another_server_is_listed_anew()
    {
        await using var fixture = await StartedAsync();
        await using var other = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = FakeAuthentication.Token });
        other.Apply(ClusterFixture.Services(5));
        fixture.Write(other.KubeConfigText());
        await fixture.WhenAsync(
            () => fixture.Sink.Events.Any(static e => e is MemberEvent.Listed { Kind: ResourceKind.Service, Items.Length: 5 }), "the list of the other server");
        other.Apply(ClusterFixture.Service("there"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("there");
        await fixture.Cluster.WhenWatchersAsync(ResourcePath.Services, 0, Deadline);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Deleted);
        Assert.Equal(other.Address.ToString(), fixture.Member.Description);
    }

    [Fact]
    public async Task An_expired_credential_is_left_at_once_when_a_new_one_comes()
    {
        await using var fixture = await StartedAsync();
        fixture.Cluster.Token = "third";
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.Sink.NextAsync<MemberEvent.Disconnected>("Disconnected", static e => e.Reason.StartsWith("401", StringComparison.Ordinal));
        fixture.Write(fixture.Cluster.KubeConfigText());
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_plugin_s_new_token_moves_the_watches_after_a_refusal()
    {
        await using var fixture = await RotationFixture.StartAsync();
        Plugin(fixture, fixture.Cluster.Token);
        fixture.Write(fixture.Cluster.KubeConfigText("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin}}"));
        await fixture.RunAsync();
        Plugin(fixture, "second");
        fixture.Cluster.Token = "second";
        fixture.Cluster.EndWatches(ResourcePath.Services);
        await fixture.Sink.NextAsync<MemberEvent.Disconnected>("Disconnected", static e => e.Reason.StartsWith("401", StringComparison.Ordinal));
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_kubeconfig_that_is_pushed_is_taken_and_a_bad_one_is_not()
    {
        await using var fixture = await RotationFixture.StartAsync();
        var slot = new KubeConfigSlot("Secret clusters/aws, key kubeconfig");
        await fixture.RunAsync(slot, wait: false);
        Assert.Contains("has not come yet", (await fixture.Sink.DisconnectedAsync(ResourceKind.Service)).Reason, StringComparison.Ordinal);
        slot.Set(Parse(fixture.Cluster.KubeConfigText()));
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        slot.Set(Parse("garbage"));
        await fixture.ProblemAsync("Secret clusters/aws, key kubeconfig: it holds no mapping");
        await fixture.StillWatchingAsync("during");
        fixture.Cluster.AcceptToken("second");
        var before = fixture.Cluster.Requests.Count;
        slot.Set(Parse(fixture.Cluster.KubeConfigText("{token: second}")));
        await fixture.MovedAsync(before);
        await fixture.StillWatchingAsync("after");
    }

    [Fact]
    public async Task A_file_that_is_not_there_yet_is_waited_for()
    {
        await using var fixture = await RotationFixture.StartAsync();
        await fixture.RunAsync(wait: false);
        Assert.Contains("can't be read", (await fixture.Sink.DisconnectedAsync(ResourceKind.Service)).Reason, StringComparison.Ordinal);
        Assert.Null(fixture.Member.Take().Client);
        fixture.Write(fixture.Cluster.KubeConfigText());
        Assert.Equal(3, (await fixture.Sink.ListedAsync(ResourceKind.Service)).Items.Length);
        await fixture.NoProblemAsync();
        using var lease = fixture.Member.Take();
        Assert.Equal(fixture.Cluster.Address, lease.Client!.Server);
    }

    [Fact]
    public async Task Many_rotations_lose_no_change()
    {
        await using var fixture = await StartedAsync();
        for (var i = 0; i < 10; i++)
        {
            fixture.Cluster.AcceptToken($"token-{i}");
            fixture.Write(fixture.Cluster.KubeConfigText($"{{token: token-{i}}}"));
            var before = fixture.Cluster.Requests.Count;
            for (var port = 1; port <= 20; port++)
                fixture.Cluster.Apply(ClusterFixture.Service("busy", (i * 20) + port));
            await fixture.MovedAsync(before);
        }

        await fixture.Sink.UpsertedAsync<ServiceResource>("busy", static service => service.Ports[0].Number == 200);
        var ports = fixture.Sink.Events.OfType<MemberEvent.Upserted>().Select(static e => e.Resource).OfType<ServiceResource>()
            .Where(static s => s.Key.Name == "busy").Select(static s => s.Ports[0].Number).ToList();
        Assert.Equal(Enumerable.Range(1, 200), ports.Distinct());
        await fixture.StillWatchingAsync("after");
    }

    private static async Task<RotationFixture> StartedAsync(FakeAuthentication authentication = FakeAuthentication.Token)
    {
        var fixture = await RotationFixture.StartAsync(authentication);
        fixture.Write(fixture.Cluster.KubeConfigText());
        return await fixture.RunAsync();
    }

    private static void Break(RotationFixture fixture, string what)
    {
        if (what is "403" or "watch")
        {
            fixture.Cluster.AcceptToken("poor");
            fixture.Cluster.Access.Deny(what == "watch" ? "watch" : "list", ResourcePath.EndpointSlices, token: "poor");
        }

        if (what == "gone")
        {
            File.Delete(fixture.KubeConfigPath);
            return;
        }

        fixture.Write(what switch
        {
            "yaml" => "current-context: [",
            "empty" => "",
            "html" => "Please log in",
            "exec" => fixture.Cluster.KubeConfigText("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./nowhere}}"),
            _ => fixture.Cluster.KubeConfigText("{token: poor}"),
        });
    }

    /// <summary>Of a link to a folder, which File.Move does not know.</summary>
    private static void Rename(string from, string to)
    {
        using var process = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void Plugin(RotationFixture fixture, string token)
    {
        var output = JsonSerializer.Serialize(new { kind = "ExecCredential", apiVersion = "client.authentication.k8s.io/v1", status = new { token } });
        TestFiles.WriteScript(fixture.PathOf("plugin"), $"echo '{output}'");
    }

    private static KubeConfigResult Parse(string text) => KubeConfig.Parse(Encoding.UTF8.GetBytes(text), "Secret clusters/aws, key kubeconfig");
}
