using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>A folder takes a FederatedIngress that an API server would refuse.</summary>
public sealed class KeptShapeTests
{
    private const string Url = "http://kept.test/";

    [Theory]
    [InlineData("  resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}", "spec has both template and resourceRef; remove one of them")]
    [InlineData("  placement: [aws]", "spec.placement: expected an object")]
    public async Task A_slip_in_a_file_takes_nothing_away_also_over_a_restart(string slip, string said)
    {
        await using var pods = await EchoPods.StartAsync(10);
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        var aws = new FolderMember("aws", Path.Combine(folder, "aws"));
        await aws.ApplyAsync(Yaml.Join(
            Yaml.IngressClass(Yaml.Class), Yaml.Service("kept", "web"), Yaml.Slice("kept", "web", pods.Port, [pods.New("aws", "kept", "web")]),
            FederatedYaml.FederatedIngress("kept", "web", "kept.test", "web")));
        await using var product = await Product.StartAsync(new Setting(HAProxyBinaries.Default, [aws]) { Folder = folder, More = "members.aws.home = true" });
        await product.UntilServiceAsync(Url, "web");
        await using var load = Load.Start(product.Setting, Url, "web", clients: 1);

        await aws.ApplyAsync(FederatedYaml.FederatedIngress("kept", "web", "other.kept.test", "web", slip));
        await UntilToldAsync(product, said);
        await product.UntilStatusAsync("http://other.kept.test/", 404);
        await product.StopControllerAsync();
        await product.StartControllerAsync();
        await UntilToldAsync(product, said);
        await product.UntilServiceAsync(Url, "web");
        await load.AssertNoneFailedAsync();

        await aws.ApplyAsync(FederatedYaml.FederatedIngress("kept", "web", "other.kept.test", "web"));
        await product.UntilServiceAsync("http://other.kept.test/", "web");
        await product.UntilStatusAsync(Url, 404);
    }

    private static async Task UntilToldAsync(Product product, string said)
    {
        var condition = await product.UntilConditionAsync("kept", "web", "aws", "PartiallyInvalid", "InvalidObject");
        Assert.StartsWith("aws: FederatedIngress kept/web: ", condition.Message, StringComparison.Ordinal);
        Assert.Contains(said, condition.Message, StringComparison.Ordinal);
        Assert.Contains("what was written before counts", condition.Message, StringComparison.Ordinal);
    }
}
