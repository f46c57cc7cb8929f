using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-28: from each value of a policy to each other, "said to be the default" and "not said" among them.</summary>
public sealed class ToggleTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    [Fact]
    public Task XT_28_every_preference_of_places_changes_into_every_other() => PlayAsync(
        "xt28",
        "traffic-distribution",
        (null, ["aws", "az", "gcp"]),
        ("None", ["aws", "az", "gcp"]),
        ("PreferSameZone", ["aws"]),
        ("PreferSameRegion", ["aws", "az"]));

    [Fact]
    public Task XT_28_every_state_of_a_member_changes_into_every_other() => PlayAsync(
        "xt28b",
        "cluster-state",
        (null, ["aws", "az", "gcp"]),
        ("gcp=Active", ["aws", "az", "gcp"]),
        ("gcp=Drain", ["aws", "az"]),
        ("gcp=Disabled,az=Active", ["aws", "az"]),
        ("aws=Disabled,az=Disabled", ["gcp"]));

    [Fact]
    public Task XT_28_every_way_to_balance_changes_into_every_other() => PlayAsync(
        "xt28c",
        "load-balancing",
        (null, ["aws", "az", "gcp"]),
        ("RoundRobin", ["aws", "az", "gcp"]),
        ("LeastConnections", ["aws", "az", "gcp"]));

    private async Task PlayAsync(string ns, string policy, params (string? Value, string[] Members)[] settings)
    {
        var world = await WorldAsync();
        await world.AddServiceAsync(ns, "web", ("aws", 1), ("az", 1), ("gcp", 1));
        await ApplyAsync(settings[0]);
        await using var load = Load.Start(world.Product.Setting, $"http://{ns}.test/", "web", clients: 1);
        foreach (var to in Walk(settings.Length))
            await ApplyAsync(settings[to]);
        await load.AssertNoneFailedAsync();

        async Task ApplyAsync((string? Value, string[] Members) setting)
        {
            Policy[] policies = setting.Value is { } value ? [new Policy(policy, value)] : [];
            await world.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web", policies));
            await world.UntilMembersAsync($"http://{ns}.test/", setting.Members);
        }
    }

    /// <summary>From 0 along every ordered pair of different numbers: from each i out to every later j and back, then on to the next.</summary>
    private static IEnumerable<int> Walk(int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                yield return j;
                yield return i;
            }

            if (i + 2 < count)
                yield return i + 1;
        }
    }
}
