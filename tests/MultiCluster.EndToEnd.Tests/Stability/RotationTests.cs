using System.Runtime.Versioning;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-49 (P6): credentials are exchanged make-before-break, and a bad new one keeps the old watch.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RotationTests : IAsyncLifetime
{
    private const string Url = "http://shop.test/";
    private const string First = "token-of-the-fake";

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-rotation-").FullName;
    private FederatedWorld _world = null!;
    private int _tokens;

    private FakeCluster Cluster => _world["gcp"].Cluster;

    private string KubeConfig => Path.Combine(_folder, "kubeconfig");

    public async Task InitializeAsync()
    {
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "gcp", Https = true, Authentication = FakeAuthentication.Token });
        await File.WriteAllTextAsync(KubeConfig, cluster.KubeConfigText());
        FederatedMember[] members = [await FederatedMember.StartAsync("aws", "home = true"), new("gcp", cluster) { KubeConfigPath = KubeConfig }];
        _world = await FederatedWorld.StartAsync(HAProxyBinaries.Default, members);
        await _world.AddServiceAsync("shop", "web", ("aws", 1), ("gcp", 1));
        await _world.ApplyToAllAsync(FederatedYaml.Ingress("shop", "web", "shop.test", "web"));
        await _world.UntilMembersAsync(Url, "aws", "gcp");
    }

    public async Task DisposeAsync()
    {
        await _world.AssertUndisturbedAsync();
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public Task XT_49_a_token_in_the_kubeconfig_is_exchanged_without_a_gap() => RotateAsync(
        token => WriteAsync(KubeConfig, Cluster.KubeConfigText($"{{token: {token}}}")));

    [Fact]
    public async Task XT_49_a_token_in_a_file_of_its_own_is_exchanged_without_a_gap()
    {
        var file = Path.Combine(_folder, "token");
        await WriteAsync(file, First);
        await WriteAsync(KubeConfig, Cluster.KubeConfigText($"{{tokenFile: {file}}}"));
        await RotateAsync(token => WriteAsync(file, token));
    }

    [Fact]
    public async Task XT_49_the_output_of_a_credential_plugin_is_exchanged_without_a_gap()
    {
        var (plugin, output) = (Path.Combine(_folder, "plugin"), Path.Combine(_folder, "plugin.json"));
        await WriteAsync(plugin, $"#!/bin/sh\nexec cat {output}\n");
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await WriteAsync(output, Credential(First));
        await WriteAsync(
            KubeConfig, Cluster.KubeConfigText($"{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin}, interactiveMode: Never}}}}"));
        await RotateAsync(token => WriteAsync(output, Credential(token)));
    }

    [Theory]
    [InlineData("a token that is refused")]
    [InlineData("an authority that did not sign the server's certificate")]
    [InlineData("no kubeconfig")]
    [InlineData("an empty file")]
    public async Task XT_49_a_bad_new_credential_keeps_the_old_watch_and_is_told(string what)
    {
        await using var other = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true });
        await using var same = await SameServers.WatchAsync(_world);
        await WriteAsync(KubeConfig, what switch
        {
            "a token that is refused" => Cluster.KubeConfigText("{token: nobody-knows-me}"),
            "an authority that did not sign the server's certificate" => Cluster.KubeConfigText(authorityPem: other.AuthorityPem),
            "no kubeconfig" => "[This is: not a kubeconfig\n",
            _ => "",
        });

        await UntilCredentialsAsync(valid: false);
        await same.AssertSameAsync();
        await UntilFollowedAsync();
        Assert.False((await _world.Product.MemberAsync("gcp")).Stale);

        // Put right, it is taken.
        await RotateAsync(token => WriteAsync(KubeConfig, Cluster.KubeConfigText($"{{token: {token}}}")));
        await UntilCredentialsAsync(valid: true);
    }

    /// <summary>As kubeadm says it is done: both authorities are trusted while the server goes from one to the other.</summary>
    [Fact]
    public async Task XT_49_the_authority_of_the_API_server_is_exchanged_without_a_gap()
    {
        await UntilFollowedAsync();
        await using var same = await SameServers.WatchAsync(_world);
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 1);
        var (before, next) = (Cluster.AuthorityPem, Cluster.NextAuthorityPem);
        await UntilWatchedAnewAsync(() => WriteAsync(KubeConfig, Cluster.KubeConfigText(authorityPem: $"{before}\n{next}\n")), "with both authorities");
        await UntilWatchedAnewAsync(Cluster.ReplaceAuthorityAsync, "of the server with its new certificate");
        Assert.Equal(next, Cluster.AuthorityPem);

        // And then without the old one.
        await UntilWatchedAnewAsync(() => WriteAsync(KubeConfig, Cluster.KubeConfigText()), "with the new authority alone");
        await UntilWatchedAnewAsync(
            async () =>
            {
                await Cluster.PauseAsync();
                await Cluster.ResumeAsync();
            },
            "over new connections");
        await same.AssertSameAsync();
        await UntilFollowedAsync();
        await load.AssertNoneFailedAsync();
    }

    /// <summary>The kubeconfig with the new authority comes too early, and is right in the end; what was before comes to be wrong.</summary>
    [Fact]
    public async Task XT_49_a_new_authority_that_signs_the_servers_certificate_only_later_is_taken_when_it_does()
    {
        await UntilFollowedAsync();
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 1);
        var next = Cluster.NextAuthorityPem;
        await WriteAsync(KubeConfig, Cluster.KubeConfigText(authorityPem: next));
        await UntilCredentialsAsync(valid: false);

        // The old watch goes on meanwhile.
        await UntilFollowedAsync();
        Assert.False((await _world.Product.MemberAsync("gcp")).Stale);

        await using var same = await SameServers.WatchAsync(_world);
        await UntilWatchedAnewAsync(Cluster.ReplaceAuthorityAsync, "of the server with its new certificate");
        await UntilCredentialsAsync(valid: true);
        await _world.Product.UntilMemberAsync("gcp", static view => !view.Stale, "fresh");
        await same.AssertSameAsync();
        await UntilFollowedAsync();
        await load.AssertNoneFailedAsync();
    }

    /// <summary>Until each kind has been asked for again, as it is watched, and not as a new credential is tried.</summary>
    private async Task UntilWatchedAnewAsync(Func<Task> act, string how)
    {
        var before = Cluster.Requests.Count;
        await act();
        await Await.TrueAsync(
            () => ResourcePath.Watched.All(kind => Cluster.Requests.Skip(before).Any(request => request.Contains($"{kind.Plural}?watch=true&allowWatchBookmarks=true&resourceVersion=", StringComparison.Ordinal))),
            $"watches {how}");
    }

    private Task<MemberDetailView> UntilCredentialsAsync(bool valid) => _world.Product.UntilMemberAsync(
        "gcp",
        view => view.Conditions.Any(static condition => condition is { Type: "CredentialsValid", Status: false }) != valid,
        $"credentials that can{(valid ? "" : "'t")} be used");

    /// <summary>Old and new overlap until the new one has been used; then the old one is void, and all connections break.</summary>
    private async Task RotateAsync(Func<string, Task> write)
    {
        await UntilFollowedAsync();
        await using var same = await SameServers.WatchAsync(_world);
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 1);
        var token = $"token-{++_tokens}";
        Cluster.AcceptToken(token);
        await write(token);
        await Await.TrueAsync(() => Cluster.TokensUsed.Contains(token), "a request with the new token");

        Cluster.Token = token;
        foreach (var kind in ResourcePath.Watched)
            Cluster.ResetWatches(kind);
        await same.AssertSameAsync();
        await UntilFollowedAsync();
        Assert.False((await _world.Product.MemberAsync("gcp")).Stale);
        await load.AssertNoneFailedAsync();
    }

    private async Task UntilFollowedAsync()
    {
        var fresh = _world.Pods.New("gcp", "shop", "web");
        await _world["gcp"].ApplyAsync(Yaml.Slice("shop", "web", _world.Pods.Port, [fresh], suffix: fresh.Name));
        await _world.Product.UntilAsync(Url, answer => answer.Echo?.Pod == fresh.Name, $"the new pod {fresh.Name}");
    }

    private static string Credential(string token) =>
        $$$"""{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "{{{token}}}", "expirationTimestamp": "{{{TimeProvider.System.GetUtcNow().AddSeconds(1):yyyy-MM-ddTHH:mm:ssZ}}}"}}""";

    /// <summary>Whole at once, as volumes of Secrets change.</summary>
    private static async Task WriteAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
