using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubeconfig-").FullName;

    private string ConfigPath => Path.Combine(_folder, "config");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Context_is_the_current_one_or_the_one_named()
    {
        const string text = """
            current-context: a
            contexts:
            - {name: a, context: {cluster: one, user: u, namespace: web}}
            - {name: 7, context: {cluster: two}}
            clusters:
            - {name: one, cluster: {server: "https://one.example:6443"}}
            - {name: two, cluster: {server: "http://two.example/prefix", insecure-skip-tls-verify: true, tls-server-name: kubernetes, proxy-url: "http://proxy.example:3128"}}
            users:
            - {name: u, user: {token: secret-token}}
            """;
        var current = Load(text).Config!;
        Assert.Equal(("https://one.example:6443/", "web"), (current.Server.ToString(), current.Namespace));
        Assert.NotNull(current.Token);
        Assert.DoesNotContain("secret-token", current.ToString(), StringComparison.Ordinal);
        var named = Load(text, "7").Config!;
        Assert.Equal(("http://two.example/prefix/", true, "kubernetes"), (named.Server.ToString(), named.InsecureSkipTlsVerify, named.TlsServerName));
        Assert.Equal("http://proxy.example:3128/", named.ProxyUrl!.ToString());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("- a", "holds no mapping")]
    [InlineData("a: [", "line ")]
    [InlineData("kind: Config", "current-context is not set; set it or name a context")]
    [InlineData("current-context: a", "it has no contexts")]
    [InlineData("current-context: a\ncontexts: [{name: b, context: {}}]", "there is no context \"a\" in contexts (there are: b)")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {}}]", "context a: the context names no cluster")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]", "cluster c has no server")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: here}}]", "server \"here\" of cluster c is no http(s) address")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}}]", "exec of \"aws\" has no interactiveMode")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {client-certificate-data: '%%'}}]", "client-certificate-data is no base64")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {client-certificate: none.pem}}]", "none.pem can't be read")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://c', certificate-authority-data: eA==}}]", "certificate-authority holds no PEM certificate")]
    public void Errors_name_the_file_and_the_fix(string text, string message)
    {
        var result = Load(text);
        Assert.Null(result.Config);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains(ConfigPath, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate-authority: /etc/ca.pem", "token: x", "certificate-authority names a file of the controller, which whoever may write this kubeconfig must not read; write certificate-authority-data in its place")]
    [InlineData("", "client-certificate: /etc/c.pem", "client-certificate names a file")]
    [InlineData("", "client-certificate-data: eA==, client-key: /etc/k.pem", "client-key names a file")]
    [InlineData("", "tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token", "tokenFile names a file of the controller, which whoever may write this kubeconfig must not read; write token in its place")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh}", "it would run \"sh\" on the controller")]
    public void A_kubeconfig_of_an_object_names_neither_files_nor_programs(string cluster, string user, string message)
    {
        var text = $$$"""
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://c.example", {{{cluster}}} }}]
            users: [{name: u, user: { {{{user}}} }}]
            """;
        var result = KubeConfig.Parse(System.Text.Encoding.UTF8.GetBytes(text), "Secret clusters/a, key kubeconfig");
        Assert.Null(result.Config);
        Assert.StartsWith("Secret clusters/a, key kubeconfig, context a: " + message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no kubeconfig", "Secret s/a, key k: it holds no mapping; is it a kubeconfig?")]
    [InlineData("", "Secret s/a, key k is empty")]
    [InlineData("a: [", "Secret s/a, key k, line ")]
    public void What_is_no_kubeconfig_at_all_is_said_with_its_place(string text, string message) =>
        Assert.StartsWith(message, KubeConfig.Parse(System.Text.Encoding.UTF8.GetBytes(text), "Secret s/a, key k").Error, StringComparison.Ordinal);

    [Fact]
    public void Nothing_in_it_is_thrown_on()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 80)) + "1" + new string('}', 80);
        const string Half = """{"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "c", "user": "u"}}], "clusters": [{"name": "c", "cluster": {"server": "https://c"}}], "users": [{"name": "u", "user": {"token": "\ud800"}}]}""";
        foreach (var text in (string[])[$"{{\"current-context\": \"a\", \"extensions\": {deep}}}", Half])
            Assert.StartsWith("Secret s/a, key k", KubeConfig.Parse(System.Text.Encoding.UTF8.GetBytes(text), "Secret s/a, key k").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains(ConfigPath + " can't be read", KubeConfig.Load(ConfigPath).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(FakeAuthentication.Token)]
    [InlineData(FakeAuthentication.ClientCertificate)]
    public async Task Credentials_of_the_file_open_a_tls_server(FakeAuthentication authentication)
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = authentication });
        cluster.Apply(ClusterFixture.Service("a"));
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var result = await client.GetAsync(ResourcePath.Services, new ObjectKey("default", "a"), default);
        Assert.Null(result.Error);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true });
        await using var other = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true });
        var config = ClusterFixture.Load(cluster.KubeConfigPath) with { CertificateAuthorities = ClusterFixture.Load(other.KubeConfigPath).CertificateAuthorities };
        Assert.Equal("Unreachable", (await GetAsync(config)).Error!.Reason);
        Assert.Equal(404, (await GetAsync(config with { InsecureSkipTlsVerify = true })).Error!.Code);
    }

    [Fact]
    public async Task Tls_server_name_is_what_the_certificate_must_name()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true });
        var config = ClusterFixture.Load(cluster.KubeConfigPath);
        Assert.Equal(404, (await GetAsync(config with { TlsServerName = "kubernetes" })).Error!.Code);
        Assert.Equal("Unreachable", (await GetAsync(config with { TlsServerName = "elsewhere" })).Error!.Reason);
    }

    [Fact]
    public async Task A_token_file_that_is_not_there_is_named()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Authentication = FakeAuthentication.Token });
        var file = Path.Combine(_folder, "token");
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath) with { Token = null, TokenFile = file }, TimeProvider.System);
        var error = (await GetAsync(client)).Error!;
        Assert.Equal("Credentials", error.Reason);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_replaced_is_taken_over_after_one_refusal()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Authentication = FakeAuthentication.Token });
        var file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, cluster.Token + "\n");
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath) with { Token = null, TokenFile = file }, TimeProvider.System);
        Assert.Equal(404, (await GetAsync(client)).Error!.Code);
        cluster.Token = "another";
        await File.WriteAllTextAsync(file, "another");
        Assert.Equal(401, (await GetAsync(client)).Error!.Code);
        Assert.Equal(404, (await GetAsync(client)).Error!.Code);
    }

    [Fact]
    public async Task Service_account_of_a_pod_is_found()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = FakeAuthentication.Token });
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), cluster.Token);
        var authority = Assert.Single(ClusterFixture.Load(cluster.KubeConfigPath).CertificateAuthorities);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), authority.ExportCertificatePem());
        var loaded = InClusterConfig.Load(_folder, name => name == "KUBERNETES_SERVICE_HOST" ? "127.0.0.1" : $"{cluster.Address.Port}");
        Assert.Equal(404, (await GetAsync(loaded.Config!)).Error!.Code);
        Assert.Contains("not in a pod", InClusterConfig.Load(_folder, static _ => null).Error, StringComparison.Ordinal);
    }

    private KubeConfigResult Load(string text, string? context = null)
    {
        File.WriteAllText(ConfigPath, text);
        return KubeConfig.Load(ConfigPath, context);
    }

    private static async Task<ApiResult<byte[]>> GetAsync(KubeConfig config)
    {
        using var client = new KubernetesClient(config, TimeProvider.System);
        return await GetAsync(client);
    }

    private static Task<ApiResult<byte[]>> GetAsync(KubernetesClient client) =>
        client.GetAsync(ResourcePath.Services, new ObjectKey("default", "none"), default);
}
