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
}
