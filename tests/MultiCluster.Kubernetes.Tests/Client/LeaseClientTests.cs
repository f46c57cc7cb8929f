using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>What compare-and-swap rests on, on the fake and on each real API server of MULTICLUSTER_TEST_KUBECONFIGS.</summary>
public sealed class LeaseClientTests
{
    private const string Space = "multicluster-test";
    private const string Label = "multicluster-ingress.github.io/test";

    private static readonly LeaseSpec Spec = new("holder", 5, new DateTimeOffset(2026, 11, 22, 10, 0, 0, 123, 456, TimeSpan.Zero), 3);

    public static TheoryData<string> Clusters => AnyClusterTests.Clusters;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_lease_is_created_once_and_read_back_in_full(string which)
    {
        await using var site = await Site.ConnectAsync(which);
        var wanted = site.Lease("a") with { Spec = Spec };

        var created = Ok(await site.Leases.CreateAsync(wanted, default));

        Assert.NotEqual("", created.Meta.Uid);
        Assert.NotEqual("", created.Meta.ResourceVersion);
        Assert.Equal(wanted.Meta.Annotations, created.Meta.Annotations);
        Assert.Equal(Spec, created.Spec);
        Assert.Equal(created, Ok(await site.Leases.GetAsync(wanted.Meta.Key.Name, default)));
        Assert.True((await site.Leases.CreateAsync(wanted, default)).Error!.IsConflict);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_lease_is_replaced_only_at_the_version_named(string which)
    {
        await using var site = await Site.ConnectAsync(which);
        var first = Ok(await site.Leases.CreateAsync(site.Lease("a"), default));

        var second = Ok(await site.Leases.ReplaceAsync(first with { Spec = Spec }, default));

        Assert.Equal(first.Meta.Uid, second.Meta.Uid);
        Assert.NotEqual(first.Meta.ResourceVersion, second.Meta.ResourceVersion);
        Assert.True((await site.Leases.ReplaceAsync(first, default)).Error!.IsConflict);
        Assert.Equal(second, Ok(await site.Leases.GetAsync(second.Meta.Key.Name, default)));
        await Assert.ThrowsAsync<ArgumentException>(() => site.Leases.ReplaceAsync(site.Lease("a"), default));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_lease_is_deleted_only_at_the_version_named(string which)
    {
        await using var site = await Site.ConnectAsync(which);
        var first = Ok(await site.Leases.CreateAsync(site.Lease("a"), default));
        var second = Ok(await site.Leases.ReplaceAsync(first with { Spec = Spec }, default));
        var name = first.Meta.Key.Name;

        Assert.True((await site.Leases.DeleteAsync(name, first.Meta.Uid, first.Meta.ResourceVersion, default))!.IsConflict);
        Assert.True((await site.Leases.DeleteAsync(name, Guid.NewGuid().ToString(), second.Meta.ResourceVersion, default))!.IsConflict);
        Assert.Null(await site.Leases.DeleteAsync(name, second.Meta.Uid, second.Meta.ResourceVersion, default));
        Assert.True((await site.Leases.GetAsync(name, default)).Error!.IsNotFound);
        Assert.True((await site.Leases.DeleteAsync(name, second.Meta.Uid, second.Meta.ResourceVersion, default))!.IsNotFound);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_lease_that_is_gone_is_neither_brought_back_nor_taken_for_one_made_anew(string which)
    {
        await using var site = await Site.ConnectAsync(which);
        var first = Ok(await site.Leases.CreateAsync(site.Lease("a"), default));
        Assert.Null(await site.Leases.DeleteAsync(first.Meta.Key.Name, first.Meta.Uid, first.Meta.ResourceVersion, default));

        Assert.True((await site.Leases.ReplaceAsync(first, default)).Error is { IsConflict: true } or { IsNotFound: true });
        Assert.True((await site.Leases.GetAsync(first.Meta.Key.Name, default)).Error!.IsNotFound);

        var again = Ok(await site.Leases.CreateAsync(site.Lease("a"), default));
        var forged = again with { Meta = again.Meta with { Uid = first.Meta.Uid } };
        Assert.True((await site.Leases.ReplaceAsync(forged, default)).Error!.IsConflict);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_list_holds_what_the_label_selects(string which)
    {
        await using var site = await Site.ConnectAsync(which);
        await site.Leases.CreateAsync(site.Lease("b"), default);
        await site.Leases.CreateAsync(site.Lease("a"), default);
        var other = site.Lease("c");
        await site.Leases.CreateAsync(other with { Meta = other.Meta with { Labels = EquatableMap.From([new(Label, $"{site.Run}-2")]) } }, default);

        var list = Ok(await site.Leases.ListAsync($"{Label}={site.Run}", default));

        Assert.Equal([site.Lease("a").Meta.Key, site.Lease("b").Meta.Key], list.Items.Select(static lease => lease.Meta.Key).Order());
        Assert.Empty(list.Problems);
        foreach (var lease in list.Items.Append(Ok(await site.Leases.GetAsync(other.Meta.Key.Name, default))))
            Assert.Null(await site.Leases.DeleteAsync(lease.Meta.Key.Name, lease.Meta.Uid, lease.Meta.ResourceVersion, default));
    }

    [Fact]
    public async Task Of_many_that_replace_one_version_at_once_one_wins()
    {
        await using var site = await Site.ConnectAsync("fake");
        var lease = Ok(await site.Leases.CreateAsync(site.Lease("a"), default));
        for (var round = 0; round < 20; round++)
        {
            var seen = lease;
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
                () => site.Leases.ReplaceAsync(seen with { Spec = Spec with { LeaseTransitions = (round * 8) + i } }, default))));
            lease = Assert.Single(answers, static answer => answer.Succeeded).Value!;
            Assert.Equal(7, answers.Count(static answer => answer is { Succeeded: false, Error.IsConflict: true }));
        }
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a","namespace":"s"},"spec":{"leaseDurationSeconds":99999999999,"leaseTransitions":"x","renewTime":7,"holderIdentity":[]}}""", true)]
    [InlineData("""{"metadata":{"name":"a","namespace":"s","annotations":{"k":3}},"spec":null}""", true)]
    [InlineData("""{"metadata":{"namespace":"s"}}""", false)]
    [InlineData("""{"metadata":{"name":"A_","namespace":"s"}}""", false)]
    [InlineData("""{"metadata":{"name":"a","namespace":"s"}""", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Whatever_the_bytes_are_the_answer_is_a_value(string json, bool isLease)
    {
        var lease = new LeaseDecoder().Decode(System.Text.Encoding.UTF8.GetBytes(json), out var error);

        Assert.Equal(isLease, lease is not null);
        Assert.Equal(isLease, error is null);
    }

    private static T Ok<T>(ApiResult<T> result)
    {
        Assert.True(result.Succeeded, $"{result.Error}");
        return result.Value;
    }

    /// <summary>A namespace of a cluster, and names of this test alone.</summary>
    private sealed class Site(ITestCluster cluster, KubernetesClient client) : IAsyncDisposable
    {
        public string Run { get; } = $"run-{Guid.NewGuid():N}";

        public LeaseClient Leases { get; } = new(client, Space);

        public static async Task<Site> ConnectAsync(string which)
        {
            ITestCluster cluster = which == "fake" ? await FakeCluster.StartAsync() : RealCluster.Connect(which);

            // Brings the namespace about.
            await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: leases, namespace: {{Space}}}
            spec: {ports: [{port: 80}]}
            """);
            return new Site(cluster, new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System));
        }

        public LeaseObject Lease(string name) => new(new ObjectMeta(new ObjectKey(Space, $"{Run}.{name}"))
        {
            Labels = EquatableMap.From([new(Label, Run)]),
            Annotations = EquatableMap.From([new("value", """{"quoted":"ü <&> \" \\ "}""")]),
        });

        public async ValueTask DisposeAsync()
        {
            var left = await Leases.ListAsync($"{Label}={Run}", default);
            foreach (var lease in left.Value?.Items ?? [])
                await Leases.DeleteAsync(lease.Meta.Key.Name, lease.Meta.Uid, lease.Meta.ResourceVersion, default);
            client.Dispose();
            await cluster.DisposeAsync();
        }
    }
}
