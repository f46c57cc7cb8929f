using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>A member that both the configuration and a MemberCluster name: the configuration has the say as long as it names it.</summary>
public sealed class HiddenMemberTests
{
    private const string Discovery = "discovery { enabled = true, namespace = multicluster }";

    [Fact]
    public async Task The_MemberCluster_counts_from_when_the_configuration_drops_the_name()
    {
        var gcp = await FederatedMember.StartAsync("gcp");
        await using var world = await FederatedWorld.StartAsync(
            HAProxyBinaries.Default,
            [await FederatedMember.StartAsync("aws", "home = true")],
            $"{Discovery}\nmembers.{gcp.Configuration}",
            pods: 10,
            found: gcp);
        await world.AddServiceAsync("hid", "web", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("hid", "web", "hid.test", "web"));
        await world.UntilMembersAsync("http://hid.test/", "aws", "gcp");
        world["aws"].Cluster.Apply(await MemberClusterAsync(gcp));
        await UntilListedAsync(world, isHidden: true);
        await using var load = Load.Start(world.Product.Setting, "http://hid.test/", "web", clients: 1);

        var setting = world.Product.Setting;
        var (with, without) = (setting.More, $"{FederatedWorld.Times}\n{Discovery}\n");
        setting.More = without;
        world.WriteConfiguration();
        await UntilListedAsync(world, isHidden: false);
        await gcp.ApplyAsync(FederatedYaml.Ingress("hid", "more", "more.hid.test", "web"));
        await world.UntilMembersAsync("http://more.hid.test/", "gcp");
        await Await.NothingMissingAsync(() => Task.FromResult(
            world["aws"].Cluster.Get(ResourcePath.MemberClusters, new ObjectKey("", "gcp"))?["status"] is null ? "a status of the MemberCluster" : null));

        // One that can't be read takes nobody's place: the MemberCluster is followed on.
        setting.More = $"{without}members.gcp.kubeconfig = /nowhere/config\n";
        world.WriteConfiguration();
        await Await.NothingMissingAsync(async () =>
            (await world.Product.McctlAsync("member", "problems")).Output.Contains("/nowhere/config", StringComparison.Ordinal) ? null : "the problem of the configuration's gcp");
        await UntilListedAsync(world, isHidden: false);
        world["aws"].Cluster.Apply(await MemberClusterAsync(gcp, "Drain"));
        await world.UntilMembersAsync("http://hid.test/", "aws");
        world["aws"].Cluster.Apply(await MemberClusterAsync(gcp));
        await world.UntilMembersAsync("http://hid.test/", "aws", "gcp");

        setting.More = with;
        world.WriteConfiguration();
        await UntilListedAsync(world, isHidden: true);
        await gcp.ApplyAsync(FederatedYaml.Ingress("hid", "most", "most.hid.test", "web"));
        await world.UntilMembersAsync("http://most.hid.test/", "gcp");
        await world.UntilMembersAsync("http://hid.test/", "aws", "gcp");
        await load.AssertNoneFailedAsync();
        await world.AssertUndisturbedAsync();
    }

    private static Task UntilListedAsync(FederatedWorld world, bool isHidden) => Await.NothingMissingAsync(async () =>
    {
        var listed = (await world.Product.McctlAsync("member", "problems")).Output;
        return listed.Contains("the configuration names a member gcp already", StringComparison.Ordinal) == isHidden
            ? null
            : $"{(isHidden ? "a" : "no")} MemberCluster that the configuration hides; mcctl member problems says {listed}";
    });

    private static async Task<string> MemberClusterAsync(FederatedMember member, string state = "Active") => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: gcp-kubeconfig, namespace: multicluster}
        data: {kubeconfig: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(member.Cluster.KubeConfigPath)))}} }
        ---
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: MemberCluster
        metadata: {name: gcp}
        spec: {state: {{state}}, kubeconfigSecretRef: {namespace: multicluster, name: gcp-kubeconfig} }

        """;
}
