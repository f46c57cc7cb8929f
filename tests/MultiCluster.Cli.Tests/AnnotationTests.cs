using System.Text.Json;

namespace MultiCluster.Cli.Tests;

public sealed class AnnotationTests
{
    [Fact]
    public async Task Those_of_a_prefix_and_status_are_listed_with_counts()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("annotations", "--prefix", "kubernetes.io"));
        Assert.Equal(
            """
            ANNOTATION                    STATUS      POLICY          MEANING                              VALUES                                                         DEFAULT   NOTE
            kubernetes.io/ingress.class   supported   ingress-class   Which controller an Ingress is for   printable ASCII characters without quotes, ';', '\' and '%['   -         It names an IngressClass object whose controller is ours; spec.ingressClassName is its successor.
            kubernetes.io/tls-acme        differs     acme            Get certificates by ACME             true or false                                                  false     Where acme.enabled and acme.tls-acme in the configuration file. cert-manager reads it too, and its Secrets are served.

            2 annotations: 1 supported, 1 differs, 0 needless, 0 planned, 0 refused

            """,
            mcctl.Output);
        Assert.Empty(mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Fact]
    public async Task All_are_listed_and_a_status_or_an_old_prefix_picks()
    {
        using var all = new Mcctl();
        Assert.Equal(0, await all.RunAsync("annotations"));
        Assert.Matches(@"\n523 annotations: \d+ supported, \d+ differs, \d+ needless, \d+ planned, \d+ refused\n", all.Output);
        foreach (var name in (string[])["haproxy.org/allow-list ", "haproxy-ingress.github.io/affinity ", "nginx.ingress.kubernetes.io/canary ", "multicluster-ingress.github.io/federate "])
            Assert.Contains("\n" + name, all.Output, StringComparison.Ordinal);

        using var refused = new Mcctl();
        Assert.Equal(0, await refused.RunAsync("annotations", "--prefix", "haproxy.com/", "--status", "refused"));
        Assert.Contains("\nhaproxy.com/backend-config-snippet ", refused.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n(\d+) annotations: 0 supported, 0 differs, 0 needless, 0 planned, \1 refused\n$", refused.Output);
    }

    [Fact]
    public async Task Programs_get_json()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("annotations", "--prefix", "haproxy.org", "-o", "json"));
        using var json = JsonDocument.Parse(mcctl.Output);
        var item = json.RootElement.GetProperty("annotations").EnumerateArray().Single(static item => item.GetProperty("name").GetString() == "haproxy.org/whitelist");
        Assert.Equal(
            """{"name":"haproxy.org/whitelist","controller":"HAProxy Kubernetes Ingress Controller (official)","policy":"allow-sources","meaning":"Only these source addresses may ask","places":["ingress","global"],"scope":null,"values":"addresses and networks divided by commas, such as 192.0.2.1,10.0.0.0/8,2001:db8::/32","default":null,"done":[],"aliasOf":"allow-list","status":"supported","risk":"low","note":null}""",
            JsonSerializer.Serialize(item));
        Assert.Equal(
            json.RootElement.GetProperty("annotations").GetArrayLength(),
            json.RootElement.GetProperty("counts").EnumerateObject().Sum(static count => count.Value.GetInt32()));
    }

    [Fact]
    public async Task Coverage_counts_keys_of_each_controller_and_tells_why_some_are_refused()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("annotations", "--coverage"));
        Assert.Matches(@"^CONTROLLER +READ ON +KEYS +SUPPORTED +DIFFERS +NEEDLESS +REFUSED +PLANNED\n", mcctl.Output);
        Assert.Matches(@"\ningress-nginx +Ingresses, Services +\d+ +\d+ \(\d+ %\) +\d+ ", mcctl.Output);
        Assert.Matches(@"\nREFUSED +READ ON +WHY\n", mcctl.Output);
        Assert.Matches(@"\nnginx.ingress.kubernetes.io/server-snippet +ingress +Text of a configuration of nginx.", mcctl.Output);

        using var one = new Mcctl();
        Assert.Equal(0, await one.RunAsync("annotations", "--coverage", "--prefix", "haproxy.org", "-o", "json"));
        using var json = JsonDocument.Parse(one.Output);
        var controller = Assert.Single(json.RootElement.GetProperty("controllers").EnumerateArray());
        Assert.Equal("haproxy.org/", controller.GetProperty("prefix").GetString());
        var (objects, all) = (controller.GetProperty("onObjects"), controller.GetProperty("everywhere"));
        Assert.True(objects.GetProperty("keys").GetInt32() < all.GetProperty("keys").GetInt32());
        Assert.Equal(all.GetProperty("refused").GetInt32(), json.RootElement.GetProperty("refused").GetArrayLength());
    }

    [Theory]
    [InlineData("annotations --prefix traefik.io", "error: 'traefik.io' is no prefix")]
    [InlineData("annotations --status done", "error: ")]
    [InlineData("annotations --coverage --status planned", "error: --coverage counts every status")]
    [InlineData("migrate check", "error: ")]
    [InlineData("migrate", "error: ")]
    public async Task Wrong_usage_exits_with_2(string args, string error)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(args.Split(' ')));
        Assert.StartsWith(error, mcctl.Error, StringComparison.Ordinal);
        Assert.Empty(mcctl.Output);
    }
}
