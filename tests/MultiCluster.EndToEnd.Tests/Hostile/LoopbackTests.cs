using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Who may write a Service does not reach what listens on the proxy's own machine.</summary>
public sealed class LoopbackTests
{
    [Theory]
    [InlineData(Source.ApiServer)]
    [InlineData(Source.Folder)]
    public async Task The_admin_api_can_not_be_published(Source source)
    {
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        var member = await MemberDriver.StartAsync(source, "aws", folder);
        var setting = new Setting(HAProxyBinaries.Default, [member]) { Folder = folder, AllowLoopback = false };
        await using var product = await Product.StartAsync(setting);
        var admin = setting.AdminListen;
        await member.ApplyAsync(Yaml.Join(
            Yaml.IngressClass(Yaml.Class),
            Yaml.ExternalName("steal", "name", "localhost", admin.Port),
            Yaml.Ingress("steal", "name", "name.steal.test", [Yaml.Path("/", "Prefix", "name", "name: http")]),
            Yaml.Service("steal", "slice"),
            Yaml.Slice("steal", "slice", admin.Port, [new Pod("aws", "steal", "slice", "pod", admin.Address)]),
            Yaml.Ingress("steal", "slice", "slice.steal.test", [Yaml.Path("/", "Prefix", "slice")])));

        foreach (var way in new[] { "name", "slice" })
        {
            var condition = await product.UntilConditionAsync("steal", way, "aws", "PartiallyInvalid", "InvalidEndpoint");
            Assert.Contains($"Service steal/{way}: ", condition.Message, StringComparison.Ordinal);
            Assert.Contains("of the proxy's own machine", condition.Message, StringComparison.Ordinal);
            await product.UntilStatusAsync($"http://{way}.steal.test/api/v1/members", 503);
        }
    }
}
