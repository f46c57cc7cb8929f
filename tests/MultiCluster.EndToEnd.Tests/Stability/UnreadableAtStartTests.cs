using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>What a member is to be read from is not there, or is wrong, when the controller starts.</summary>
public sealed class UnreadableAtStartTests : IDisposable
{
    private const string Url = "http://shop.test/";

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-late-").FullName;

    private string KubeConfig => Path.Combine(_folder, "kubeconfig");

    private string Manifests => Path.Combine(_folder, "mount", "edge");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, "does not exist; put it there, or name another file")]
    [InlineData("[This is: not a kubeconfig\n", "kubeconfig, line ")]
    [InlineData("current-context: none\ncontexts: []\n", "there is no context \"none\" in contexts")]
    public async Task The_others_are_served_and_it_joins_when_it_is_put_right(string? content, string said)
    {
        if (content is not null)
            await File.WriteAllTextAsync(KubeConfig, content);
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "gcp" });
        await using var world = await FederatedWorld.StartAsync(
            HAProxyBinaries.Default,
            [await FederatedMember.StartAsync("aws"), new("gcp", cluster) { KubeConfigPath = KubeConfig }],
            $"members.edge.manifests = \"{Manifests}\"",
            pods: 10,
            isWhole: false);
        await world.AddServiceAsync("shop", "web", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("shop", "web", "shop.test", "web"));
        await world.UntilMembersAsync(Url, "aws");

        await world.Product.UntilMemberAsync("gcp", view => view.Member.Problems.Any(problem => IsOf(problem, KubeConfig, said)), $"{KubeConfig}: {said}");
        await world.Product.UntilMemberAsync("edge", view => view.Member.Problems.Any(problem => IsOf(problem, Manifests, "")), Manifests);
        var listed = (await world.Product.McctlAsync("member", "list")).Output;
        Assert.Contains(KubeConfig, listed, StringComparison.Ordinal);
        Assert.Contains(said, (await world.Product.McctlAsync("member", "show", "gcp")).Output, StringComparison.Ordinal);

        await using var load = Load.Start(world.Product.Setting, Url, "web", clients: 1);
        await File.WriteAllTextAsync(KubeConfig, await File.ReadAllTextAsync(cluster.KubeConfigPath));
        await world.UntilMembersAsync(Url, "aws", "gcp");
        await world.Product.UntilMemberAsync("gcp", static view => view.Member is { Complete: true, Problems.Count: 0 }, "whole and without a problem");
        Directory.CreateDirectory(Manifests);
        await world.Product.UntilMemberAsync("edge", static view => view.Member is { Complete: true, Problems.Count: 0 }, "whole and without a problem");
        await load.AssertNoneFailedAsync();
    }

    private static bool IsOf(string problem, string path, string said) =>
        problem.Contains(path, StringComparison.Ordinal) && problem.Contains(said, StringComparison.Ordinal);
}
