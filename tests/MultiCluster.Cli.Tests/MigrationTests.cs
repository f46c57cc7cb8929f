using System.Text.Json;

namespace MultiCluster.Cli.Tests;

public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("migrate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Of_each_annotation_it_is_told_what_becomes_of_it()
    {
        Write(
            "shop.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
              namespace: shop
              annotations:
                cert-manager.io/issuer: letsencrypt
                multicluster-ingress.github.io/cluster-weights: "aws=80,gcp=20"
                nginx.ingress.kubernetes.io/enable-cors: "false"
                nginx.ingress.kubernetes.io/http2-push-preload: "true"
                nginx.ingress.kubernetes.io/satisfy: any
                nginx.ingress.kubernetes.io/proxy-body-size: large
                nginx.ingress.kubernetes.io/proxy-buffering: "on"
                nginx.ingress.kubernetes.io/rewrite-targt: /
                nginx.ingress.kubernetes.io/server-snippet: |
                  location /secret { allow all; }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: shop
              namespace: shop
              annotations: {haproxy.org/maxconn: "100"}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: c, annotations: {haproxy.org/check: "x"}}
            """);
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("migrate", "check", "-f", _folder));
        Assert.Equal(
            """
            FILE        OBJECT              KEY                                              RESULT      WHAT
            shop.yaml   Ingress shop/shop   multicluster-ingress.github.io/cluster-weights   supported   is applied
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/enable-cors          supported   is applied
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/http2-push-preload   needless    needs nothing here: Browsers have given up server push.
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/proxy-body-size      wrong       is "large"; write a number of bytes, such as 512k, 8m or 1g
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/proxy-buffering      differs     differs: HAProxy streams answers and never writes them to a disk.
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/rewrite-targt        unknown     is no annotation of ingress-nginx that we know; did you mean nginx.ingress.kubernetes.io/rewrite-target?
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/satisfy              supported   is applied
            shop.yaml   Ingress shop/shop   nginx.ingress.kubernetes.io/server-snippet       refused     is refused: Text of a configuration of nginx. Use the keys for headers, rewrites and redirects.
            shop.yaml   Service shop/shop   haproxy.org/maxconn                              misplaced   is global, and does nothing on an object in HAProxy Kubernetes Ingress Controller (official) either; remove it

            2 objects, 9 findings: 3 supported, 1 differs, 1 needless, 0 planned, 1 refused, 1 wrong, 1 misplaced, 1 unknown
            1 annotation is of others, and passed over.

            """,
            Shortened(mcctl.Output));
        Assert.Empty(mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("multicluster-ingress.github.io/session-affinity", "Cookie", 0)]
    [InlineData("haproxy-ingress.github.io/dynamic-scaling", "Add", 0)]
    [InlineData("haproxy.org/load-balance", "roundrobin", 0)]
    [InlineData("cert-manager.io/issuer", "a", 0)]
    [InlineData("haproxy.org/load-balance", "leastconn", 0)]
    [InlineData("nginx.ingress.kubernetes.io/http2-push-preload", "many", 0)]
    [InlineData("haproxy.org/timeout-server-fin", "1s", 1)]
    [InlineData("haproxy.org/load-balance", "best", 1)]
    [InlineData("haproxy.org/backend-config-snippet", "x", 1)]
    [InlineData("haproxy.org/nothing", "x", 1)]
    [InlineData("haproxy.org/maxconn", "1", 1)]
    public async Task The_exit_code_tells_whether_all_is_as_it_was(string name, string value, int code)
    {
        var file = Write("a.yaml", Ingress($"{{{name}: \"{value}\"}}"));
        using var mcctl = new Mcctl();
        Assert.Equal(code, await mcctl.RunAsync("migrate", "check", "-f", file));
    }

    [Fact]
    public async Task What_can_not_be_read_is_told_beside_the_rest_and_exits_with_2()
    {
        var good = Write("a.yaml", Ingress("{haproxy.org/load-balance: roundrobin}"));
        var bad = Write("b.yaml", "a: [");
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync("migrate", "check", "-f", good, bad, "-f", Path.Combine(_folder, "none.yaml")));
        Assert.EndsWith("\n1 object, 1 finding: 1 supported, 0 differs, 0 needless, 0 planned, 0 refused, 0 wrong, 0 misplaced, 0 unknown\n", mcctl.Output, StringComparison.Ordinal);
        Assert.Contains($"error: {bad}:", mcctl.Error, StringComparison.Ordinal);
        Assert.EndsWith("none.yaml: there is no such file or folder\n", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_json_in_which_nothing_is_obeyed_by_a_terminal()
    {
        var file = Write("a.yaml", Ingress("""{haproxy.org/allow-list: "\e[2J"}"""));
        using var mcctl = new Mcctl();
        Assert.Equal(1, await mcctl.RunAsync("migrate", "check", "-o", "json", "-f", file));
        using var json = JsonDocument.Parse(mcctl.Output);
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ("Ingress", "default", "a", "haproxy.org/allow-list", "wrong", "allow-sources"),
            (Of("kind"), Of("namespace"), Of("name"), Of("key"), Of("result"), Of("policy")));
        Assert.StartsWith("holds \"\\u001b[2J\"; write an address", Of("text"), StringComparison.Ordinal);
        Assert.Equal(1, json.RootElement.GetProperty("counts").GetProperty("wrong").GetInt32());
        Assert.DoesNotContain('\u001b', mcctl.Output);
        string Of(string field) => finding.GetProperty(field).GetString()!;
    }

    private static string Ingress(string annotations) =>
        $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations: {annotations}\n";

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
