using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What annotations of Ingresses and Services do to requests, through the product and every HAProxy at hand; the cases are in files.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class PolicyTests(PolicyWorlds worlds)
{
    public static TheoryData<HAProxyBinary, string> Files
    {
        get
        {
            var data = new TheoryData<HAProxyBinary, string>();
            foreach (var binary in HAProxyBinaries.List)
            {
                foreach (var file in PolicyCases.All.Select(static item => item.File).Distinct(StringComparer.Ordinal))
                    data.Add(binary, file);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Requests_get_what_annotations_say(HAProxyBinary binary, string file)
    {
        var world = await worlds.GetAsync(binary);
        var failed = new List<string>();
        foreach (var item in worlds.CasesOf(binary).Where(item => item.File == file))
        {
            await using var run = new PolicyRun(world, item);
            failed.AddRange(await run.WrongAsync());
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        await world.AssertUndisturbedAsync();
    }

    /// <summary>A key that is said to be supported is shown to be.</summary>
    [Fact]
    public void Every_supported_annotation_of_the_other_controllers_has_a_case()
    {
        var shown = PolicyCases.All.SelectMany(static item => item.Annotations.Concat(item.ServiceAnnotations))
            .Concat(ServerCase.All.SelectMany(static item => item.Annotations)).Select(static item => item.Name)
            .Concat(CanaryTests.Shown).Concat(ConditionTests.Shown).Concat(BlueGreenTests.Shown).ToHashSet(StringComparer.Ordinal);
        var missing =
            from family in AnnotationIndex.Families
            where family.Name is "haproxy" or "haproxy-ingress" or "nginx"
            from entry in family.Entries
            where entry.Status == AnnotationStatus.Supported && (entry.Places & (AnnotationPlaces.Ingress | AnnotationPlaces.Service)) != AnnotationPlaces.None
            where !shown.Contains(family.Prefix + entry.Key)
            select family.Prefix + entry.Key;
        Assert.Empty(missing);
    }
}
