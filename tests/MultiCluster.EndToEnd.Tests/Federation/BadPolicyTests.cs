using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>A policy that can't be meant costs itself: a condition says what is wrong, and requests are answered as before.</summary>
public sealed class BadPolicyTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    /// <summary>Annotation, value, reason, and what the message names.</summary>
    public static TheoryData<string, string, string, string> Annotations => new()
    {
        { "cluster-weights", "aws=1,nowhere=1", "UnknownCluster", "nowhere" },
        { "cluster-weights", "aws=-1", "InvalidPolicy", "-1" },
        { "cluster-weights", "aws=1,aws=2", "InvalidPolicy", "aws" },
        { "cluster-weights", "aws=99999999999", "InvalidPolicy", "99999999999" },
        { "cluster-weights", "", "InvalidPolicy", "empty" },
        { "cluster-priorities", "aws=first", "InvalidPolicy", "first" },
        { "primary-cluster", "nowhere", "UnknownCluster", "nowhere" },
        { "cluster-state", "gcp=Away", "InvalidPolicy", "Away" },
        { "failover-threshold", "0", "InvalidPolicy", "0" },
        { "failback-delay", "soon", "InvalidPolicy", "soon" },
        { "traffic-distribution", "PreferMoon", "InvalidPolicy", "PreferMoon" },
        { "stale-ttl", "-5s", "InvalidPolicy", "-5s" },
        { "cluster-wieghts", "aws=1", "InvalidPolicy", "cluster-weights" },
    };

    [Theory]
    [MemberData(nameof(Annotations))]
    public async Task A_bad_annotation_is_told_and_every_member_answers_as_before(string name, string value, string reason, string named)
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("bad", "web", ("aws", 1), ("gcp", 1));
        await world.ApplyToAsync(FederatedYaml.Ingress("bad", "web", "bad.test", "web"), "aws", "gcp");
        await world.UntilMembersAsync("http://bad.test/", "aws", "gcp");
        await using var load = Load.Start(world.Product.Setting, "http://bad.test/", "web", clients: 1);

        await world.ApplyToAsync(FederatedYaml.Ingress("bad", "web", "bad.test", "web", new Policy(name, value)), "aws", "gcp");

        var condition = await world.Product.UntilConditionAsync("bad", "web", "aws", "PartiallyInvalid", reason);
        Assert.Contains(named, condition.Message, StringComparison.Ordinal);
        await world.UntilMembersAsync("http://bad.test/", "aws", "gcp");
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task A_FederatedIngress_with_template_and_resourceRef_counts_for_nothing_and_is_told()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("bad2", "web", ("aws", 1), ("gcp", 1));
        await world.ApplyToAsync(FederatedYaml.Ingress("bad2", "web", "bad2.test", "web"), "aws", "gcp");
        await world.UntilMembersAsync("http://bad2.test/", "aws", "gcp");

        await world["aws"].ApplyAsync(FederatedYaml.FederatedIngress(
            "bad2", "web", "other.bad2.test", "web", "  resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}"));

        var condition = await world.Product.UntilConditionAsync("bad2", "web", "aws", "PartiallyInvalid", "InvalidObject");
        Assert.Contains("both template and resourceRef", condition.Message, StringComparison.Ordinal);
        await world.UntilMembersAsync("http://bad2.test/", "aws", "gcp");
        await world.Product.UntilStatusAsync("http://other.bad2.test/", 404);
    }
}
