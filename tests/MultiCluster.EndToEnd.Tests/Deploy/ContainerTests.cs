using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Deploy;

/// <summary>What the Dockerfile copies into the image "all", run as its user in a root directory that is read-only.</summary>
public sealed class ContainerTests
{
    private const string Url = "http://shop.example/";

    [Fact]
    public async Task The_image_all_serves_as_nobody_and_writes_into_its_volumes_alone()
    {
        await using var root = new ContainerRoot();
        await root.BuildAsync();
        var image = root.Contents();
        await using var pods = await EchoPods.StartAsync(1);
        var member = new FolderMember("aws", Path.Combine(root.Config, "aws"));
        await member.ApplyAsync(Yaml.Join(
            Yaml.IngressClass(Yaml.Class), Yaml.Service("web", "shop"), Yaml.Slice("web", "shop", pods.Port, [pods.New("aws", "web", "shop")]),
            Yaml.DefaultBackend("web", "shop", "shop")));
        var address = Loopback.NewAddress();
        var (http, https, admin) = (new IPEndPoint(address, Loopback.FreePort(address)), new IPEndPoint(address, Loopback.FreePort(address)), new IPEndPoint(address, Loopback.FreePort(address)));
        await File.WriteAllTextAsync(Path.Combine(root.Config, "all.conf"), $$"""
            members.aws.manifests = "/etc/multicluster/aws"
            endpoints.allow-loopback = true
            haproxy { listen { http = ["{{http}}"], https = ["{{https}}"] }, threads = 1, max-connections = 500, pool-size = 64 }
            cluster.node = local
            admin.listen = "{{admin}}"
            log.level = warn
            """);
        using var client = new ProxyClient(http, https);
        root.Start("all.conf");
        await root.WhenReadyAsync(admin);
        await UntilServedAsync(client);
        var (first, agent) = await root.ProcessesAsync();
        Assert.Equal("0000000000000000", ContainerRoot.StatusOf(agent)["CapEff"]);
        Assert.Equal("65532", (await File.ReadAllTextAsync($"/proc/{agent}/uid_map")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);

        // HAProxy outlives the agent, and the container does, too.
        await ContainerRoot.Signal("KILL", agent);
        Assert.Equal("shop", (await client.GetAsync(Url)).Service);
        await Await.TrueAsync(() => root.Output.Contains("started again", StringComparison.Ordinal), "an agent that is started again");
        await root.WhenReadyAsync(admin);
        var next = await root.ProcessesAsync();
        Assert.Equal((first, true), (next.First, next.Agent != agent));
        Assert.Equal("shop", (await client.GetAsync(Url)).Service);

        // HAProxy waits for idle connections, too, until they have timed out.
        client.Dispose();
        Assert.Equal(0, await root.StopAsync(first));
        Assert.Equal(image, root.Contents());
        Assert.True(File.Exists(Path.Combine(root.State, "haproxy", "current", "haproxy.cfg")));
        var (code, refused) = await root.ExecuteAsync("touch", "/opt/multicluster/new");
        Assert.True(code != 0 && refused.Contains("Read-only file system", StringComparison.Ordinal), refused);
    }

    private static Task UntilServedAsync(ProxyClient client) => Await.NothingMissingAsync(async () =>
        await client.GetAsync(Url) is { Service: not "shop" } answer ? $"an answer of the pod; it is {answer}" : null);
}
