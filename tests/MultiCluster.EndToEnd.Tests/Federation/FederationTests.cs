using System.Net;
using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-01 to XT-04 and XT-09 of the multi-cluster list: how copies of several members become one.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class FederationTests(Worlds worlds)
{
    private const string Older = "2026-01-01T00:00:00Z";
    private const string Newer = "2026-02-01T00:00:00Z";

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task XT_01_equal_copies_are_one_route_with_the_pods_of_both(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        var pods = await world.AddServiceAsync("xt01", "web", podsPerMember: 2);
        await world.ApplyToAllAsync(Yaml.Ingress("xt01", "web", "xt01.test", [Yaml.Path("/", "Prefix", "web")]));

        await world.Product.UntilPodsAsync("http://xt01.test/", [.. pods]);
        var ingress = (await world.Product.IngressAsync("xt01", "web"))!;
        Assert.Equal(["aws", "gcp"], Assert.Single(ingress.Routes).Members);
        Assert.All(ingress.Conditions.Where(static item => item.Type == "Conflict"), static item => Assert.False(item.Status));
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task XT_02_disjoint_paths_are_joined_and_go_to_their_own_members_only(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        var pods = await world.AddServiceAsync("xt02", "web", podsPerMember: 2);
        var both = Yaml.Path("/both", "Prefix", "web");
        await world.Aws.ApplyAsync(Yaml.Ingress("xt02", "web", "xt02.test", [both, Yaml.Path("/aws", "Prefix", "web")]));
        await world.Gcp.ApplyAsync(Yaml.Ingress("xt02", "web", "xt02.test", [both, Yaml.Path("/gcp", "Prefix", "web")]));

        await world.Product.UntilPodsAsync("http://xt02.test/both", [.. pods]);
        await world.Product.UntilPodsAsync("http://xt02.test/aws", [.. pods.Where(static pod => pod.Member == "aws")]);
        await world.Product.UntilPodsAsync("http://xt02.test/gcp", [.. pods.Where(static pod => pod.Member == "gcp")]);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task XT_03_of_differing_copies_the_oldest_wins_and_both_say_so(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("xt03", "old");
        await world.AddServiceAsync("xt03", "new");
        await world.AddServiceAsync("xt03", "newest");
        string Copy(string service, string created) =>
            Yaml.Ingress("xt03", "web", "xt03.test", [Yaml.Path("/", "Prefix", service)], created: created);
        await world.Aws.ApplyAsync(Copy("new", Newer));
        await world.Product.UntilServiceAsync("http://xt03.test/", "new");
        await world.Gcp.ApplyAsync(Copy("old", Older));
        await world.Product.UntilServiceAsync("http://xt03.test/", "old");
        foreach (var member in world.Members)
            Assert.True((await world.Product.UntilConditionAsync("xt03", "web", member.Name, "Conflict", "PathConflict")).Status);

        // The loser's edits change its condition and nothing else.
        await world.Aws.ApplyAsync(Copy("newest", Newer));
        await Await.NothingMissingAsync(async () =>
        {
            Assert.Equal("old", (await world.Product.Client.GetAsync("http://xt03.test/")).Service);
            var conflict = await world.Product.UntilConditionAsync("xt03", "web", "aws", "Conflict", "PathConflict");
            return conflict.Message.Contains("xt03/newest", StringComparison.Ordinal) ? null : $"the edit in \"{conflict.Message}\"";
        });
        Assert.Equal("old", (await world.Product.Client.GetAsync("http://xt03.test/")).Service);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task XT_04_of_equally_old_copies_the_lower_member_name_wins_in_every_order(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("xt04", "of-aws");
        await world.AddServiceAsync("xt04", "of-gcp");
        for (var round = 0; round < 4; round++)
        {
            var name = $"web-{round}";
            foreach (var member in round % 2 == 0 ? world.Members : world.Members.Reverse())
            {
                await member.ApplyAsync(Yaml.Ingress(
                    "xt04", name, $"{name}.xt04.test", [Yaml.Path("/", "Prefix", $"of-{member.Name}")], created: Older));
            }

            await world.Product.UntilConditionAsync("xt04", name, "gcp", "Conflict", "PathConflict");
            await world.Product.UntilServiceAsync($"http://{name}.xt04.test/", "of-aws");
        }
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task XT_09_two_Ingresses_claiming_one_path_are_ranked_by_age_then_member(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("xt09", "first");
        await world.AddServiceAsync("xt09", "second");
        // Name and arrival order speak for the other one each time; age, then the member's name, decides.
        await ClaimAsync(world, "age.xt09.test", (world.Aws, "a-second", "second", Newer), (world.Gcp, "b-first", "first", Older));
        await ClaimAsync(world, "age-reversed.xt09.test", (world.Gcp, "c-first", "first", Older), (world.Aws, "d-second", "second", Newer));
        await ClaimAsync(world, "member.xt09.test", (world.Gcp, "e-second", "second", Older), (world.Aws, "f-first", "first", Older));
        await ClaimAsync(world, "name.xt09.test", (world.Aws, "h-second", "second", Older), (world.Aws, "g-first", "first", Older));
    }

    private static async Task ClaimAsync(
        World world, string host, params (IMemberDriver Member, string Name, string Service, string Created)[] claims)
    {
        foreach (var (member, name, service, created) in claims)
            await member.ApplyAsync(Yaml.Ingress("xt09", name, host, [Yaml.Path("/", "Prefix", service)], created: created));

        var loser = claims.Single(static claim => claim.Service == "second");
        var conflict = await world.Product.UntilConditionAsync("xt09", loser.Name, loser.Member.Name, "Conflict", "PathConflict");
        Assert.Contains(claims.Single(static claim => claim.Service == "first").Name, conflict.Message, StringComparison.Ordinal);
        await world.Product.UntilServiceAsync($"http://{host}/", "first");
    }
}
