using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

/// <summary>Members of every kind.</summary>
internal static class MemberSample
{
    public static readonly MemberDetailView Aws = Of("eu-west-1", new MemberView("aws", "https://aws.example:6443", true, true, 3, 4, 120, Mcctl.Now.AddSeconds(-42), [])) with
    {
        Home = true,
        Zone = "eu-west-1a",
        Labels = new Dictionary<string, string> { ["tier"] = "prod", ["env"] = "live" },
        Sessions = new Dictionary<string, long> { ["local"] = 4, ["edge"] = 8 },
    };

    public static readonly IReadOnlyList<MemberDetailView> Members =
    [
        Aws,
        Of("", new MemberView("gcp", "/clusters/gcp", true, true, 1, 1, 2, Mcctl.Now.AddMinutes(-7.5), ["shop.yaml:3: malformed YAML", "x.yaml: no such kind"])),
        Of("", new MemberView("new", "/clusters/new", false, true, 0, 0, 0, null, [])),
        Of("", new MemberView("old", "https://old.example:6443", true, false, 9, 9, 9, Mcctl.Now.AddHours(-50), ["Ingress: connection refused"])) with
        {
            Stale = true, BehindSeconds = 180_000,
        },
    ];

    public static MemberDetailView Of(string region, MemberView member) => new(
        member,
        State: "Active",
        Ordered: null,
        Registered: true,
        Removed: false,
        Leaving: false,
        Stale: false,
        BehindSeconds: null,
        Held: [],
        Home: false,
        EndpointMode: "PodIP",
        region,
        Zone: "",
        Labels: new Dictionary<string, string>(),
        Sessions: new Dictionary<string, long>(),
        SilentControllers: [],
        SilentProxies: [],
        Conditions: []);

    public static MemberOrderView Ordered(string state) => new("aws", state, false, []);
}
