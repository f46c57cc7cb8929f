using System.Globalization;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Credentials;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Time;

#pragma warning disable VSTHRD103, CA1416 // plugins are small scripts, on systems that have them

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>Credential plugins as small programs of the shell.</summary>
public sealed class ExecPluginTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";

    private readonly string _folder = Directory.CreateTempSubdirectory("exec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(V1)]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task A_plugin_s_token_opens_a_tls_server(string version)
    {
        await using var cluster = await StartAsync();
        Script("token", $"echo '{Credential(cluster.Token, version: version)}'");
        using var client = Client(cluster, Exec("./token", version: version));
        Assert.Equal(404, (await GetAsync(client)).Error!.Code);
    }

    [Fact]
    public async Task A_plugin_s_client_certificate_opens_a_tls_server()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = FakeAuthentication.ClientCertificate });
        var (certificate, key) = cluster.IssueClientCertificate();
        var status = JsonSerializer.Serialize(new { clientCertificateData = certificate, clientKeyData = key });
        TestFiles.Write(PathOf("out"), $$"""{"kind":"ExecCredential","apiVersion":"{{V1}}","status":{{status}}}""");
        Script("cert", $"cat {PathOf("out")}");
        using var client = Client(cluster, Exec("./cert"));
        Assert.Equal(404, (await GetAsync(client)).Error!.Code);
    }

    [Fact]
    public async Task A_plugin_gets_arguments_variables_and_what_to_log_in_to()
    {
        await using var cluster = await StartAsync();
        Script("plugin", $"""
            printf '%s|' "$@" > {PathOf("args")}
            printf '%s' "$REGION" > {PathOf("env")}
            printf '%s' "$KUBERNETES_EXEC_INFO" > {PathOf("info")}
            cat > {PathOf("stdin")}
            echo '{Credential(cluster.Token)}'
            """);
        using var client = Client(cluster, Exec("./plugin", "args: ['get token', '$HOME;`id`'], env: [{name: REGION, value: eu}], provideClusterInfo: true"));
        Assert.Equal(404, (await GetAsync(client)).Error!.Code);
        Assert.Equal("get token|$HOME;`id`|", TestFiles.Read(PathOf("args")));
        Assert.Equal(("eu", ""), (TestFiles.Read(PathOf("env")), TestFiles.Read(PathOf("stdin"))));
        using var info = JsonDocument.Parse(TestFiles.Read(PathOf("info")));
        Assert.Equal(("ExecCredential", V1), (info.RootElement.GetProperty("kind").GetString(), info.RootElement.GetProperty("apiVersion").GetString()));
        var spec = info.RootElement.GetProperty("spec");
        Assert.False(spec.GetProperty("interactive").GetBoolean());
        Assert.Equal(cluster.Address.ToString(), spec.GetProperty("cluster").GetProperty("server").GetString());
        Assert.True(spec.GetProperty("cluster").TryGetProperty("certificate-authority-data", out _));
    }

    [Fact]
    public async Task The_cluster_is_told_only_when_asked_for()
    {
        Script("plugin", $"printf '%s' \"$KUBERNETES_EXEC_INFO\" > {PathOf("info")}; echo '{Credential("t")}'");
        Assert.Equal("t", (await RunAsync("plugin")).Credential!.Token);
        Assert.DoesNotContain("cluster", TestFiles.Read(PathOf("info")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interactiveMode: Always", "has interactiveMode Always, and a controller has no terminal")]
    [InlineData("interactiveMode: Sometimes", "interactiveMode \"Sometimes\" of \"./p\" is none of")]
    [InlineData("", "has no interactiveMode")]
    public void A_plugin_that_needs_a_person_is_refused(string mode, string message)
    {
        var result = Load($"exec: {{apiVersion: {V1}, command: ./p{(mode.Length == 0 ? "" : ", " + mode)}}}");
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_gone_is_refused() => Assert.Contains(
        "update the plugin", Load("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: p, interactiveMode: Never}").Error, StringComparison.Ordinal);

    [Fact]
    public void A_command_that_is_allowed_may_be_named_by_an_object_but_no_variables()
    {
        var trust = KubeConfigTrust.DataOnly with { Commands = ["aws"] };
        var good = Text($"exec: {{apiVersion: {V1}, command: aws, interactiveMode: Never}}", "https://c.example");
        Assert.Null(KubeConfig.Parse(good, "Secret", trust).Error);
        var bad = Text($"exec: {{apiVersion: {V1}, command: aws, interactiveMode: Never, env: [{{name: LD_PRELOAD, value: x}}]}}", "https://c.example");
        Assert.Contains("it would set the variable LD_PRELOAD", KubeConfig.Parse(bad, "Secret", trust).Error, StringComparison.Ordinal);
        Assert.Null(KubeConfig.Parse(bad, "Secret", trust with { Variables = ["LD_PRELOAD"] }).Error);
    }

    [Theory]
    [InlineData("echo '{\"kind\":\"Pod\"}'", "printed JSON that is no ExecCredential")]
    [InlineData("echo hello", "printed no JSON")]
    [InlineData("true", "printed nothing")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"t\"}}'", "printed an ExecCredential of another version")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "with neither token nor client certificate")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientKeyData\":\"k\"}}'", "printed only one of")]
    [InlineData("echo 'please log in' >&2; exit 7", "ended with code 7: please log in")]
    [InlineData("head -c 2000000 /dev/zero", "printed more than 1048576 bytes")]
    public async Task What_goes_wrong_is_named(string script, string message)
    {
        Script("plugin", script);
        var result = await RunAsync("plugin");
        Assert.Null(result.Credential);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("plugin", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_comes_with_the_hint()
    {
        var plugin = Plugin("nowhere") with { InstallHint = "apt install nowhere" };
        var result = await ExecRunner.RunAsync(plugin, "kubeconfig x", TimeProvider.System);
        Assert.Matches("^kubeconfig x: credential plugin .*nowhere can't be started: .*; apt install nowhere$", result.Error);
    }

    [Fact]
    public async Task Errors_are_cut_and_hold_no_token()
    {
        Script("plugin", $"echo 'token: s3cret' >&2; echo 'got eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMzQifQ.eyJzdWIiOiJ4In0' >&2; head -c 5000 /dev/zero | tr '\\0' 'x ' >&2; exit 1");
        var error = (await RunAsync("plugin")).Error!;
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJhbGci", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 10, 700);
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_ended_with_its_children()
    {
        var time = new ManualTimeProvider();
        Script("plugin", $"echo $$ > {PathOf("pid")}.part; mv {PathOf("pid")}.part {PathOf("pid")}; sleep 600 & wait");
        var run = ExecRunner.RunAsync(Plugin("plugin"), "kubeconfig x", time);
        await time.WaitForTimersAsync(1, RecordingSink.Deadline);
        await WhenAsync(() => File.Exists(PathOf("pid")), "the plugin's start");
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("was not done after 30 s", (await run.WaitAsync(RecordingSink.Deadline)).Error, StringComparison.Ordinal);
        var pid = int.Parse(TestFiles.Read(PathOf("pid")), CultureInfo.InvariantCulture);
        await WhenAsync(() => !Directory.Exists($"/proc/{pid}") || TestFiles.Read($"/proc/{pid}/status").Contains("State:\tZ", StringComparison.Ordinal), "the plugin's end");
    }

    [Fact]
    public async Task One_run_serves_all_who_wait()
    {
        Script("plugin", $"echo x >> {PathOf("runs")}; cat {PathOf("gate")} > /dev/null; echo '{Credential("t")}'");
        MakePipe(PathOf("gate"));
        var source = new ExecCredentials(Plugin("plugin"), "kubeconfig x", TimeProvider.System);
        var waiting = Enumerable.Range(0, 20).Select(_ => source.GetAsync(default).AsTask()).ToList();
        await File.WriteAllTextAsync(PathOf("gate"), "go").WaitAsync(RecordingSink.Deadline);
        foreach (var result in await Task.WhenAll(waiting).WaitAsync(RecordingSink.Deadline))
            Assert.Equal("t", result.Credential!.Token);
        Assert.Equal(1, Runs());
    }

    [Fact]
    public async Task A_credential_is_kept_until_shortly_before_it_expires()
    {
        var time = new ManualTimeProvider();
        ScriptOfTokens(time.GetUtcNow().AddMinutes(15));
        var source = new ExecCredentials(Plugin("plugin"), "kubeconfig x", time);
        Assert.Equal("t1", await TokenAsync(source));
        time.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal(("t1", 1), (await TokenAsync(source), Runs()));
        time.Advance(TimeSpan.FromMinutes(1.5));
        while (await TokenAsync(source) != "t2")
            await Task.Yield();
        Assert.Equal(2, Runs());
    }

    [Fact]
    public async Task A_refused_credential_is_fetched_anew()
    {
        var time = new ManualTimeProvider();
        ScriptOfTokens(time.GetUtcNow().AddHours(1));
        var source = new ExecCredentials(Plugin("plugin"), "kubeconfig x", time);
        var first = (await source.GetAsync(default)).Credential!;
        time.Advance(TimeSpan.FromSeconds(6));
        source.Refused(first);
        Assert.Equal("t2", await TokenAsync(source));
        source.Refused(first);
        Assert.Equal(("t2", 2), (await TokenAsync(source), Runs()));
    }

    [Fact]
    public async Task A_plugin_that_fails_leaves_the_last_credential_while_it_is_valid()
    {
        var time = new ManualTimeProvider();
        ScriptOfTokens(time.GetUtcNow().AddMinutes(15));
        var source = new ExecCredentials(Plugin("plugin"), "kubeconfig x", time);
        Assert.Equal("t1", await TokenAsync(source));
        Script("plugin", $"echo x >> {PathOf("runs")}; echo no network >&2; exit 1");
        time.Advance(TimeSpan.FromMinutes(14.5));
        Assert.Equal("t1", await TokenAsync(source));
        await WhenAsync(() => Runs() == 2 && time.ActiveTimers == 0, "the end of the second run");
        time.Advance(TimeSpan.FromMinutes(1));
        var late = await source.GetAsync(default);
        Assert.Null(late.Credential);
        Assert.Contains("no network", late.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeCluster> StartAsync() =>
        await FakeCluster.StartAsync(new FakeClusterOptions { Https = true, Authentication = FakeAuthentication.Token });

    private static string Credential(string token, string? expires = null, string version = V1) =>
        $$"""{"kind":"ExecCredential","apiVersion":"{{version}}","status":{"token":"{{token}}" """
        + (expires is null ? "" : $",\"expirationTimestamp\":\"{expires}\"") + "}}";

    private static string Exec(string command, string more = "args: []", string version = V1) =>
        $"{{exec: {{apiVersion: {version}, interactiveMode: IfAvailable, command: {command}, {more}}}}}";

    private static byte[] Text(string user, string server) => System.Text.Encoding.UTF8.GetBytes($$$"""
        current-context: a
        contexts: [{name: a, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "{{{server}}}" }}]
        users: [{name: u, user: { {{{user}}} }}]
        """);

    private static async Task<string?> TokenAsync(ExecCredentials source) =>
        (await source.GetAsync(default).AsTask().WaitAsync(RecordingSink.Deadline)).Credential?.Token;

    private static async Task WhenAsync(Func<bool> fits, string what)
    {
        using var deadline = new CancellationTokenSource(RecordingSink.Deadline);
        while (!fits())
        {
            Assert.False(deadline.IsCancellationRequested, $"{what} did not come");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static Task<ApiResult<byte[]>> GetAsync(KubernetesClient client) =>
        client.GetAsync(ResourcePath.Services, new ObjectKey("default", "none"), default);

    private static void MakePipe(string path)
    {
        using var process = System.Diagnostics.Process.Start("mkfifo", [path]);
        process.WaitForExit();
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private int Runs() => File.Exists(PathOf("runs")) ? File.ReadAllLines(PathOf("runs")).Length : 0;

    private void Script(string name, string body) => TestFiles.WriteScript(PathOf(name), body);

    /// <summary>Prints t1, t2, … with this time of expiry first, and an hour later each further time.</summary>
    private void ScriptOfTokens(DateTimeOffset expires)
    {
        for (var i = 1; i <= 3; i++)
            TestFiles.Write(PathOf($"out{i}"), Credential($"t{i}", expires.AddHours(i - 1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        Script("plugin", $"echo x >> {PathOf("runs")}; cat {PathOf("out")}$(wc -l < {PathOf("runs")} | tr -d ' ')");
    }

    private ExecPlugin Plugin(string name) => new(V1, PathOf(name), [], Model.Collections.EquatableMap.Empty, null, null);

    private Task<CredentialResult> RunAsync(string name) => ExecRunner.RunAsync(Plugin(name), "kubeconfig x", TimeProvider.System);

    private KubeConfigResult Load(string user)
    {
        File.WriteAllBytes(PathOf("config"), Text(user, "https://c.example"));
        return KubeConfig.Load(PathOf("config"));
    }

    private KubernetesClient Client(FakeCluster cluster, string user)
    {
        TestFiles.Write(PathOf("config"), cluster.KubeConfigText(user));
        return new KubernetesClient(ClusterFixture.Load(PathOf("config")), TimeProvider.System);
    }
}
