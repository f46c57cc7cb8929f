using System.Diagnostics.CodeAnalysis;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>A member of which a right to read was taken away before the controller starts.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class ReadRightsTests : IAsyncLifetime
{
    private const string Fix = "grant list and watch on secrets";

    private FederatedMember _gcp = null!;
    private FederatedWorld? _world;

    private FederatedWorld World => _world!;

    public async Task InitializeAsync() => _gcp = await FederatedMember.StartAsync("gcp");

    public async Task DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task Without_the_right_to_read_Secrets_certificates_stay_all_else_is_followed_and_it_is_said_what_to_grant(string verb)
    {
        _world = await FederatedWorld.StartAsync(HAProxyBinaries.Default, [await FederatedMember.StartAsync("aws", "home = true"), _gcp], pods: 10);
        await World.AddServiceAsync("rr", "web", ("aws", 1), ("gcp", 1));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("rr", "web", "both.rr.test", "web"));
        await World.UntilMembersAsync("http://both.rr.test/", "aws", "gcp");
        await _gcp.ApplyAsync(Yaml.Join(
            Yaml.TlsSecret("rr", "tls", "tls.rr.test"),
            Yaml.Ingress("rr", "tls", "tls.rr.test", [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("tls", "tls.rr.test"))));
        await UntilCertificateAsync();
        await World.Product.StopControllerAsync();
        _gcp.Cluster.Access.Deny(verb, ResourcePath.Secrets);
        await World.Product.StartControllerAsync();

        await World.UntilMembersAsync("http://both.rr.test/", "aws", "gcp");
        // Nothing waits for the right: what is gone goes, and policies are followed. The certificate stays.
        await World.ApplyToAllAsync(FederatedYaml.Ingress("rr", "web", "both.rr.test", "web", new Policy("cluster-state", "aws=Drain")));
        await World.UntilMembersAsync("http://both.rr.test/", "gcp");
        await World.ApplyToAllAsync(FederatedYaml.Ingress("rr", "web", "both.rr.test", "web"));
        await World.UntilMembersAsync("http://both.rr.test/", "aws", "gcp");
        await World.ApplyToAllAsync(FederatedYaml.Ingress("rr", "gone", "gone.rr.test", "web"));
        await World.UntilMembersAsync("http://gone.rr.test/", "aws", "gcp");
        foreach (var member in World.Members)
            await member.DeleteAsync(ResourcePath.Ingresses, "rr", "gone");
        await World.Product.UntilStatusAsync("http://gone.rr.test/", 404);
        await UntilCertificateAsync();
        var pods = await World.AddServiceAsync("rr", "alone", ("gcp", 1));
        await _gcp.ApplyAsync(FederatedYaml.Ingress("rr", "alone", "alone.rr.test", "alone"));
        await World.UntilMembersAsync("http://alone.rr.test/", "gcp");
        await World.Product.UntilMemberAsync("gcp", static view => view.Member.Problems.Any(IsFix), Fix);
        Assert.Contains(Fix, (await World.Product.McctlAsync("member", "show", "gcp")).Output, StringComparison.Ordinal);
        Assert.Empty((await World.Product.MemberAsync("aws")).Member.Problems);

        // What can be read is followed.
        pods = [.. pods, World.Pods.New("gcp", "rr", "alone")];
        await _gcp.ApplyAsync(Yaml.Slice("rr", "alone", World.Pods.Port, pods));
        await World.Product.UntilPodsAsync("http://alone.rr.test/", [.. pods]);
        var view = await World.Product.MemberAsync("gcp");
        Assert.Single(view.Member.Problems, IsFix);

        _gcp.Cluster.Access.AllowAll();
        await World.Product.UntilMemberAsync("gcp", static view => view is { Member: { Complete: true, Reachable: true, Problems.Count: 0 }, Stale: false }, "read whole, once it is granted");
        await UntilCertificateAsync();
        await World.AssertUndisturbedAsync();
    }

    private Task<Answer> UntilCertificateAsync() =>
        World.Product.UntilAsync("https://tls.rr.test/", static answer => answer.Leaf?.Subject == "CN=tls.rr.test" && answer.Service == "web", "the Secret's certificate");

    private static bool IsFix(string problem) => problem.Contains(Fix, StringComparison.Ordinal);
}
