using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Certificates;

/// <summary>cert-manager answers challenges by an Ingress, a Service and a pod of its own, beside the Ingress that wants the certificate.</summary>
public sealed class SolverTests
{
    private const string Path = "/.well-known/acme-challenge/LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_solver_answers_for_a_host_that_redirects_and_refuses(bool byAnnotation)
    {
        var member = await FederatedMember.StartAsync("aws");
        await using var product = await Product.StartAsync(new Setting(HAProxyBinaries.Default, [member]));
        await product.UntilReadyAsync();
        await using var pods = await EchoPods.StartAsync(10);
        await member.ApplyAsync(Yaml.Join(Yaml.IngressClass(Yaml.Class), Service("web"), Service("cm-acme-http-solver-x7k2p")));
        var shop = Yaml.Ingress("shop", "web", "shop.test", [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("tls", "shop.test"));
        await member.ApplyAsync(With(
            shop, "cert-manager.io/cluster-issuer: letsencrypt, haproxy-ingress.github.io/ssl-redirect: \"true\", haproxy-ingress.github.io/allowlist-source-range: 192.0.2.1"));
        await product.UntilStatusAsync("http://shop.test/", 403);

        // As cert-manager 1.18 makes it: the class by whichever the issuer says, one exact path, its own Service at port 8089.
        var solver = Yaml.Ingress(
            "shop", "cm-acme-http-solver-8rj4n", "shop.test", [Yaml.Path(Path, "Exact", "cm-acme-http-solver-x7k2p")], className: byAnnotation ? null : Yaml.Class);
        await member.ApplyAsync(With(
            solver, $"nginx.ingress.kubernetes.io/whitelist-source-range: \"0.0.0.0/0,::/0\"{(byAnnotation ? $", kubernetes.io/ingress.class: {Yaml.Class}" : "")}"));
        await product.UntilServiceAsync($"http://shop.test{Path}", "cm-acme-http-solver-x7k2p");
        await product.UntilStatusAsync("http://shop.test/.well-known/acme-challenge/another", 403);
        await product.UntilStatusAsync("http://shop.test/", 403);

        string Service(string name) => Yaml.Join(Yaml.Service("shop", name), Yaml.Slice("shop", name, pods.Port, pods.New(1, "aws", "shop", name)));
    }

    private static string With(string ingress, string annotations)
    {
        var head = ingress.IndexOf("metadata: {", StringComparison.Ordinal) + "metadata: {".Length;
        return ingress.Insert(head, $"annotations: {{{annotations}}}, ");
    }
}
