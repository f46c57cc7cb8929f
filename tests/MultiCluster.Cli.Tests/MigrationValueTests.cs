using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Cli.Tests;

/// <summary>Values are judged by what reads them when they are served, in files and in clusters alike.</summary>
public sealed class MigrationValueTests : IDisposable
{
    private const string Objects =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: old}
        spec: {controller: haproxy-ingress.github.io/controller}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: alb}
        spec: {controller: ingress.k8s.aws/alb}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          namespace: shop
          annotations:
            haproxy-ingress.github.io/auth-secret: users
            haproxy-ingress.github.io/cors-enable: "true"
            haproxy-ingress.github.io/cors-allow-origin: "not an origin"
            haproxy-ingress.github.io/rewrite-target: /
        spec:
          ingressClassName: old
          rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
          - host: "*bad*"
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: theirs, namespace: shop}
        spec:
          ingressClassName: alb
          rules: [{http: {paths: [{path: "/*", pathType: ImplementationSpecific, backend: {service: {name: shop, port: {number: 80}}}}]}}]
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: shop
          namespace: shop
          annotations: {haproxy-ingress.github.io/balance-algorithm: "hdr()"}
        spec: {ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: haproxy-ingress, namespace: ingress}
        data: {balance-algorithm: leastconn, timeout-client: 1x, timeout-tunnle: 1h, config-global: "x"}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: haproxy-ingress-tcp, namespace: ingress}
        data: {"5432": "db/pg:5432", "99999": "db/pg:5432"}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: other, namespace: ingress}
        data: {balance-algorithm: worst}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("migrate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_is_asked_once_for_each_kind_and_told_the_same_as_files()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "old" });
        cluster.Apply(Objects);
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("migrate", "check", "--kubeconfig", cluster.KubeConfigPath));
        Assert.Equal(Expected, string.Join('\n', mcctl.Output.Split('\n').Select(static line => Columns(line, 3))));
        Assert.Contains("is \"hdr()\", which can't be followed here; write roundrobin", mcctl.Output, StringComparison.Ordinal);
        Assert.Contains("The Secret that it names was not read.", mcctl.Output, StringComparison.Ordinal);
        Assert.Empty(mcctl.Error);
        Assert.Equal(5, cluster.Requests.Count);
        Assert.DoesNotContain(cluster.Requests, static request => request.Contains("watch=", StringComparison.Ordinal));

        await File.WriteAllTextAsync(Path.Combine(_folder, "all.yaml"), Objects);
        using var files = new Mcctl();
        Assert.Equal(1, await files.RunAsync("migrate", "check", "-f", _folder));
        Assert.Equal(Lines(mcctl.Output), Lines(files.Output.Replace(Path.Combine(_folder, "all.yaml"), "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_may_not_be_read_or_does_not_answer_is_told_with_file_context_and_kind()
    {
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "old" });
        cluster.Apply(Objects);
        cluster.Access.Deny("list", ResourcePath.ConfigMaps);
        using var refused = new Mcctl();
        Assert.Equal(2, await refused.RunAsync("migrate", "check", "--kubeconfig", cluster.KubeConfigPath));
        Assert.StartsWith($"error: kubeconfig {cluster.KubeConfigPath}, context old: configmaps can't be listed: 403 Forbidden: ", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("; let the user list configmaps in all namespaces\n", refused.Error, StringComparison.Ordinal);
        Assert.Contains("cors-allow-origin", refused.Output, StringComparison.Ordinal);

        await cluster.PauseAsync();
        using var gone = new Mcctl();
        Assert.Equal(2, await gone.RunAsync("migrate", "check", "--kubeconfig", cluster.KubeConfigPath));
        Assert.StartsWith($"error: kubeconfig {cluster.KubeConfigPath}, context old: ingressclasses can't be listed: Unreachable: ", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("old", "waf: modsecurity", "", "", "differs", "have the operator name its agents in haproxy.waf.endpoints")]
    [InlineData("old", "waf: modsecurity", "modsecurity-endpoints: 10.0.0.5:12345", "", "supported", "is applied")]
    [InlineData("old", "waf: modsecurity", "modsecurity-endpoints: nowhere", "", "differs", "have the operator name its agents in haproxy.waf.endpoints")]
    [InlineData("old", "waf: nothing", "modsecurity-endpoints: 10.0.0.5:12345", "", "wrong", "write")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/enable-modsecurity: 'true'", "modsecurity-endpoints: 10.0.0.5:12345", "", "differs", "haproxy.waf.endpoints")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/limit-rate: '100'", "", "", "differs", "have the operator set haproxy.bandwidth-limits = true")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/limit-rate: '0'", "", "", "supported", "asks for what happens without it too")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/limit-rate: fast", "", "", "wrong", "write")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/custom-headers: default/headers", "", "", "differs", "haproxy.header-config-maps")]
    [InlineData("nginx", "nginx.ingress.kubernetes.io/custom-headers: default/none", "", "", "wrong", "create it in the Ingress' namespace")]
    [InlineData("old", "health-check-addr: 10.0.0.9", "", "", "differs", "haproxy.health-checks.addresses")]
    [InlineData("old", "health-check-addr: nowhere", "", "", "wrong", "write an IP address")]
    [InlineData("old", "blue-green-balance: v=1=80", "", "", "differs", "have endpoints.pod-labels in the configuration file name them")]
    [InlineData("old", "blue-green-balance: v=1", "", "", "wrong", "write LABEL=VALUE=WEIGHT")]
    [InlineData("old", "blue-green-header: X-Group:v", "", "", "differs", "endpoints.pod-labels")]
    [InlineData("old", "blue-green-mode: pod", "", "", "supported", "is applied")]
    [InlineData("old", "cors-allow-origin: not an origin", "cors-enable: 'true'", "", "wrong", "not an origin")]
    [InlineData("old", "cors-allow-origin: not an origin", "", "cors-enable: 'true'", "wrong", "not an origin")]
    public async Task Settings_and_parameters_of_the_class_count_and_what_the_operator_has_to_say_differs(
        string name, string annotation, string settings, string parameters, string result, string text)
    {
        var key = annotation.Contains('/', StringComparison.Ordinal) ? annotation : "haproxy-ingress.github.io/" + annotation;
        using var mcctl = new Mcctl();
        var file = Path.Combine(_folder, "all.yaml");
        await File.WriteAllTextAsync(file, Of(name, key, settings, parameters));
        await mcctl.RunAsync("migrate", "check", "-f", file, "-o", "json");
        using var json = System.Text.Json.JsonDocument.Parse(mcctl.Output);
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray(), item => item.GetProperty("kind").GetString() == "Ingress");
        Assert.Equal((key.Split(':')[0], result), (finding.GetProperty("key").GetString(), finding.GetProperty("result").GetString()));
        Assert.Contains(text, finding.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_settings_and_parameters_it_is_told_what_the_operator_has_to_say()
    {
        var file = Path.Combine(_folder, "all.yaml");
        await File.WriteAllTextAsync(file, Of("old", "a: b", "waf: modsecurity", "waf: modsecurity, blue-green-balance: v=1=1, nbthread: '2', balance-algorithm: worst"));
        using var mcctl = new Mcctl();
        await mcctl.RunAsync("migrate", "check", "-f", file, "-o", "json");
        using var json = System.Text.Json.JsonDocument.Parse(mcctl.Output);
        Assert.Equal(
            [
                "haproxy-ingress waf differs", "parameters balance-algorithm wrong", "parameters blue-green-balance differs", "parameters nbthread misplaced", "parameters waf differs",
            ],
            json.RootElement.GetProperty("findings").EnumerateArray().Where(static item => item.GetProperty("kind").GetString() == "ConfigMap")
                .Select(static item => $"{item.GetProperty("name")} {item.GetProperty("key")} {item.GetProperty("result")}"));
    }

    [Theory]
    [InlineData("say what to read", "migrate", "check")]
    [InlineData("say what to read", "migrate", "check", "-f", "a", "--kubeconfig", "b")]
    [InlineData("--context is of a kubeconfig", "migrate", "check", "-f", "a", "--context", "b")]
    [InlineData("of --settings can't be read", "migrate", "check", "-f", "a", "--settings", "haproxy.com=a/b")]
    [InlineData("of --tcp-services can't be read", "migrate", "check", "-f", "a", "--tcp-services", "a")]
    [InlineData("it does not exist", "migrate", "check", "--kubeconfig", "/nowhere/config")]
    public async Task A_question_that_makes_no_sense_exits_with_2(string expected, params string[] words)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(words));
        Assert.Contains(expected, mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigMaps_that_are_named_count_in_place_of_those_with_usual_names()
    {
        var file = Path.Combine(_folder, "all.yaml");
        await File.WriteAllTextAsync(file, Objects);
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(
            "migrate", "check", "-f", file, "--settings", "haproxy-ingress.github.io=ingress/other", "--tcp-services", "ingress/none"));
        Assert.Contains("ConfigMap ingress/other   balance-algorithm", string.Join('\n', Lines(mcctl.Output)), StringComparison.Ordinal);
        Assert.DoesNotContain("timeout-tunnle", mcctl.Output, StringComparison.Ordinal);
        Assert.Equal("error: ConfigMap ingress/none is not among what was read; name one that is there\n", mcctl.Error);
    }

    private static string Of(string className, string annotation, string settings, string parameters) =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: old}
        spec: {controller: haproxy-ingress.github.io/controller, parameters: {kind: ConfigMap, name: parameters, scope: Namespace, namespace: ingress} }
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: parameters, namespace: ingress}
        data: {{{parameters}}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: haproxy-ingress, namespace: ingress}
        data: {{{settings}}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: nginx-configuration, namespace: ingress}
        data: {}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: headers, namespace: default}
        data: {X-A: b}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
          annotations:
            {{annotation}}
        spec:
          ingressClassName: {{className}}
          rules:
          - http:
              paths:
              - path: /
                pathType: Prefix
                backend: {service: {name: a, port: {number: 80} } }
        """;

    private static IEnumerable<string> Lines(string output) => output.Split('\n')
        .Select(static line => System.Text.RegularExpressions.Regex.Replace(line.Trim(), " {3,}", "   "))
        .Where(static line => line.Length > 0 && !line.StartsWith("FILE", StringComparison.Ordinal) && !line.StartsWith("OBJECT", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string Columns(string line, int count) =>
        string.Join("   ", line.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(count));

    private const string Expected =
        """
        OBJECT   KEY   RESULT
        Ingress shop/shop   haproxy-ingress.github.io/auth-secret   supported
        Ingress shop/shop   haproxy-ingress.github.io/cors-allow-origin   wrong
        Ingress shop/shop   haproxy-ingress.github.io/cors-enable   supported
        Ingress shop/shop   haproxy-ingress.github.io/rewrite-target   supported
        Ingress shop/shop   spec.rules[1].host   wrong
        Service shop/shop   haproxy-ingress.github.io/balance-algorithm   wrong
        ConfigMap ingress/haproxy-ingress   balance-algorithm   differs
        ConfigMap ingress/haproxy-ingress   config-global   refused
        ConfigMap ingress/haproxy-ingress   timeout-client   wrong
        ConfigMap ingress/haproxy-ingress   timeout-tunnle   unknown
        ConfigMap ingress/haproxy-ingress-tcp   5432   supported
        ConfigMap ingress/haproxy-ingress-tcp   99999   wrong

        4 objects, 12 findings: 4 supported, 1 differs, 0 needless, 0 planned, 1 refused, 5 wrong, 0 misplaced, 1 unknown
        1 Ingress has a class of another controller, and is passed over.

        """;
}
