using System.Text.Json;

namespace MultiCluster.Cli.Tests;

public sealed class ValidationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("validate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_problem_is_told_with_file_object_key_reason_and_fix()
    {
        Write(
            "shop.yaml",
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: networking.k8s.io/v1
              kind: Ingress
              metadata:
                name: shop
                namespace: shop
                annotations:
                  nginx.ingress.kubernetes.io/proxy-body-size: large
                  nginx.ingress.kubernetes.io/rewrite-targt: /
                  nginx.ingress.kubernetes.io/server-snippet: "location / {}"
              spec:
                ingressClassName: multicluster
                tls: [{hosts: [shop.example], secretName: shop-tls}]
                rules:
                - host: shop.example
                  http:
                    paths:
                    - {path: /, pathType: Prefix, backend: {service: {name: shop, port: {name: htp}}}}
                    - {path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {number: 80}}}}
                    - {path: a b, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}
            - apiVersion: v1
              kind: Service
              metadata: {name: shop, namespace: shop, annotations: {haproxy.org/check-interval: often}}
              spec: {ports: [{name: http, port: 80}]}
            """);
        Write(
            "thief.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: thief, namespace: zoo}
            spec:
              rules:
              - host: shop.example
                http: {paths: [{path: /cart, pathType: Prefix, backend: {service: {name: zoo, port: {number: 80}}}}]}
            ---
            apiVersion: multicluster-ingress.github.io/v1alpha1
            kind: MemberCluster
            metadata: {name: aws, namespace: multicluster}
            spec: {kubeconfigSecretRef: {namespace: multicluster, name: aws}, endpointMode: Pods}
            ---
            apiVersion: multicluster-ingress.github.io/v1alpha1
            kind: FederatedIngress
            metadata: {name: pay, namespace: shop}
            spec: {}
            """);
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("validate", "-f", _folder));
        Assert.Equal(
            """
            FILE           OBJECT                      KEY                                                      LEVEL     REASON                  WHAT
            shop.yaml      Ingress shop/shop           annotation nginx.ingress.kubernetes.io/proxy-body-size   error     InvalidPolicy           is "large"; write a number of bytes, such as 512k, 8m or 1g
            shop.yaml      Ingress shop/shop           annotation nginx.ingress.kubernetes.io/rewrite-targt     error     UnsupportedAnnotation   is no annotation of ingress-nginx that we know; did you mean nginx.ingress.kubernetes.io/rewrite-target?
            shop.yaml      Ingress shop/shop           annotation nginx.ingress.kubernetes.io/server-snippet    error     UnsupportedAnnotation   is refused: Text of a configuration of nginx. Use the keys for headers, rewrites and redirects.
            shop.yaml      Ingress shop/shop           spec.rules[0].http.paths[0].backend.service.port         error     ServicePortNotFound     names port htp of Service shop/shop, which has no such TCP port in cluster; add it or name one of its ports
            shop.yaml      Ingress shop/shop           spec.rules[0].http.paths[1].backend.service.name         warning   ServiceNotFound         names Service shop/cart, which cluster does not have; create it there
            shop.yaml      Ingress shop/shop           spec.rules[0].http.paths[2].path                         error     InvalidPath             "a b" must begin with '/'
            shop.yaml      Ingress shop/shop           spec.tls[0].secretName                                   warning   SecretNotFound          names Secret shop/shop-tls, which cluster does not have as type kubernetes.io/tls; create it there
            shop.yaml      Service shop/shop           annotation haproxy.org/check-interval                    error     InvalidPolicy           is "often"; write a number and us, ms, s, m, h or d, such as 500ms or 30s (without a unit: ms), up to 24d
            thief.yaml:9   -                           -                                                        error     InvalidObject           MemberCluster aws: spec.endpointMode "Pods" is none of Auto, PodIP, NodePort, LoadBalancer
            thief.yaml     Ingress zoo/thief           spec                                                     error     PathConflict            shop.example/cart (Prefix) belongs to Ingress shop/shop (of cluster, of unknown age), which sends it to shop/cart:80, not to zoo/zoo:80; change one of the two
            thief.yaml     Ingress zoo/thief           spec.rules[0].http.paths[0].backend.service.name         warning   ServiceNotFound         names Service zoo/zoo, which cluster does not have; create it there
            thief.yaml     FederatedIngress shop/pay   spec                                                     error     InvalidObject           has neither template nor resourceRef; write one of them

            4 objects: 9 errors, 3 warnings

            """,
            Shortened(mcctl.Output));
        Assert.Empty(mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{haproxy.org/load-balance: leastconn}", 0)]
    [InlineData("{haproxy.org/load-balance: best}", 1)]
    [InlineData("{haproxy.org/lod-balance: leastconn}", 1)]
    [InlineData("{multicluster-ingress.github.io/cluster-weights: aws=80}", 0)]
    [InlineData("{multicluster-ingress.github.io/cluster-weights: aws}", 1)]
    [InlineData("{multicluster-ingress.github.io/federate: \"false\"}", 0)]
    [InlineData("{nginx.ingress.kubernetes.io/auth-secret: users, nginx.ingress.kubernetes.io/auth-type: basic}", 0)]
    [InlineData("{cert-manager.io/issuer: letsencrypt}", 0)]
    [InlineData("{kubernetes.io/ingress.class: nginx}", 0)]
    public async Task The_exit_code_is_that_of_a_step_in_a_pipeline(string annotations, int code)
    {
        var file = Write("a.yaml", Ingress(annotations));
        using var mcctl = new Mcctl();
        Assert.Equal((code, ""), (await mcctl.RunAsync("validate", "-f", file), mcctl.Error));
    }

    [Theory]
    [InlineData(1, "--strict")]
    [InlineData(0)]
    public async Task What_may_be_elsewhere_is_a_warning_unless_all_must_be_there(int code, params string[] more)
    {
        var file = Write("a.yaml", Ingress("{nginx.ingress.kubernetes.io/auth-secret: users, nginx.ingress.kubernetes.io/auth-type: basic}"));
        using var mcctl = new Mcctl();
        Assert.Equal(code, await mcctl.RunAsync(["validate", "-f", file, .. more]));
        Assert.Contains(code == 0 ? "warning   SecretNotFound" : "error   SecretNotFound", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_clusters_named_a_weight_of_another_is_an_error()
    {
        var file = Write("a.yaml", Ingress("{multicluster-ingress.github.io/cluster-weights: \"aws=80,gpc=20\"}"));
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("validate", "-f", file, "--member", "aws", "--member", "gcp"));
        Assert.Contains("UnknownCluster", mcctl.Output, StringComparison.Ordinal);
        Assert.Contains("gpc", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_our_classes_named_Ingresses_of_others_are_passed_over()
    {
        var file = Write("a.yaml", Ingress("{kubernetes.io/ingress.class: nginx, haproxy.org/load-balance: best}"));
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("validate", "-f", file, "--class", "multicluster"));
        Assert.EndsWith("1 Ingress has a class of another controller, and is passed over.\n", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_yaml_is_an_error_with_its_line_and_one_that_is_not_there_is_misuse()
    {
        var bad = Write("b.yaml", "kind: x\na: [");
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("validate", "-f", bad));
        Assert.Contains($"{bad}:3", mcctl.Output, StringComparison.Ordinal);
        using var other = new Mcctl();
        Assert.Equal(2, await other.RunAsync("validate", "-f", Path.Combine(_folder, "none.yaml")));
        Assert.EndsWith("none.yaml: there is no such file or folder\n", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_in_two_files_counts_once()
    {
        Write("a.yaml", Ingress("{}"));
        Write("b.yaml", Ingress("{haproxy.org/load-balance: best}"));
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("validate", "-f", _folder, "-o", "json"));
        using var json = JsonDocument.Parse(mcctl.Output);
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray(), static finding => finding.GetProperty("level").GetString() == "error");
        Assert.Equal(Path.Combine(_folder, "b.yaml"), finding.GetProperty("file").GetString());
        Assert.Equal($"is already in {Path.Combine(_folder, "a.yaml")}, which counts; remove one", finding.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("-f", "a.yaml", "--class", "A B")]
    [InlineData("-f", "a.yaml", "--settings", "x")]
    public async Task Misuse_exits_with_2(params string[] args)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(["validate", .. args]));
        Assert.EndsWith("see: mcctl validate --help\n", mcctl.Error, StringComparison.Ordinal);
    }

    private static string Ingress(string annotations) =>
        $$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
          annotations: {{{annotations}}}
        spec:
          rules:
          - host: a.example
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80} } } } ] }
        """;

    /// <summary>Without the folder, and as wide as without it.</summary>
    private string Shortened(string output) =>
        output.Replace(_folder + "/", "", StringComparison.Ordinal).Replace("FILE" + new string(' ', _folder.Length + 1), "FILE", StringComparison.Ordinal);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
