using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Groups of pods of one Service, by a label of theirs.</summary>
public sealed class BlueGreenTests(ChoiceWorlds worlds) : ChoiceTest(worlds)
{
    private const string Prefix = "haproxy-ingress.github.io/blue-green-";

    private const string Ns = "groups";

    private const string Balance = Prefix + "balance";

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(Prefix, "balance", "deploy", "mode", "cookie", "header", IsUnderLoad = true)]
    public async Task Weights_of_groups_hold_whatever_their_pods_and_a_request_may_name_one(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        var pods = world.Pods.New(5, "aws", Ns, "shop");
        Pod[] blue = [.. pods.Take(3)], green = [pods[3], pods[4]];
        await world["aws"].ApplyAsync(Yaml.Join(
            Yaml.Service(Ns, "shop"), Yaml.Join([.. blue.Select(static pod => PodOf(pod, "blue"))]), Yaml.Join([.. green.Select(static pod => PodOf(pod, "green"))]),
            Yaml.Slice(Ns, "shop", world.Pods.Port, pods.Take(4)), Ingress(Ns, "shop", 1)));
        await UntilAsync(world, Ns, "shop");
        await using var load = Load.Start(world.Product.Setting, $"http://{Ns}.test/", "", clients: 2);

        await ApplyAsync((Prefix + "deploy", "group=blue=1,group=green=4"));
        await UntilSharesAsync(20, 80);
        // Of pods: 3 of blue and 1 of green, then 2.
        await ApplyAsync((Balance, "group=blue=1,group=green=3"), (Prefix + "mode", "pod"));
        await UntilSharesAsync(50, 50);
        await world["aws"].ApplyAsync(Yaml.Slice(Ns, "shop", world.Pods.Port, pods));
        await UntilSharesAsync(33.33, 66.67);

        // Who tests green before others do names it.
        await ApplyAsync((Balance, "group=blue=1,group=green=0"), (Prefix + "header", "X-Group:group"), (Prefix + "cookie", "grp:group"));
        await UntilSharesAsync(100, 0);
        await Await.NothingMissingAsync(async () => await GroupAsync(("x-group", "green")) is var found && found == "green" ? null : $"that green answers who names it; it is {found}");
        foreach (var (header, cookie, group) in new[]
        {
            ("", "", "blue"), ("green", "", "green"), ("blue", "", "blue"), ("red", "", "blue"), ("Green", "", "blue"), ("green ", "", "green"), ("green, blue", "", "blue"), ("/green", "", "blue"),
            ("", "grp=green", "green"), ("", "a=b; grp=green; c=d", "green"), ("", "xgrp=green", "blue"), ("", "grp=greenish", "blue"), ("", "a=grp=green", "blue"),
            ("blue", "grp=green", "blue"), ("red", "grp=green", "green"),
        })
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal((header, cookie, group), (header, cookie, await GroupAsync([.. Headers("x-group", header), .. Headers("cookie", cookie), ("a-x-group", "green"), ("x-group-a", "green")])));
        }

        // Another label of a pod that runs; and weights of a label that no pod has.
        await world["aws"].ApplyAsync(PodOf(blue[0], "red"));
        await Await.NothingMissingAsync(async () => await PodAsync(("x-group", "red")) is var found && found == blue[0].Name ? null : $"that {blue[0].Name} answers who names red; it is {found}");
        await ApplyAsync((Balance, "group=purple=1"));
        await UntilPlacesAsync([("", 100)], "all pods as one group");
        await load.AssertNoneFailedAsync();

        Task ApplyAsync(params (string, string)[] annotations) => world["aws"].ApplyAsync(Ingress(Ns, "shop", 1, annotations));

        async Task<string> PodAsync(params (string Name, string Value)[] headers) => Who(await SendAsync(world, $"http://{Ns}.test/", headers), static echo => echo.Pod);

        async Task<string> GroupAsync(params (string Name, string Value)[] headers) =>
            await PodAsync(headers) is var name && Array.Exists(blue, pod => pod.Name == name) ? "blue" : Array.Exists(green, pod => pod.Name == name) ? "green" : name;

        async Task UntilSharesAsync(double ofBlue, double ofGreen)
        {
            await UntilPlacesAsync([("group=blue", ofBlue), ("group=green", ofGreen)], $"blue {ofBlue}, green {ofGreen}");
            var wanted = new Dictionary<string, double>(StringComparer.Ordinal) { ["blue"] = ofBlue, ["green"] = ofGreen }.Where(static item => item.Value > 0).ToDictionary();
            await Shares.AssertAsync(() => GroupAsync(), $"http://{Ns}.test/", wanted);
        }

        // As the product says, and HAProxy holds.
        Task UntilPlacesAsync((string Place, double Percent)[] wanted, string what) => ShareState.UntilAsync(world.Product.Setting.AdminListen, $"http://{Ns}.test/", view =>
            wanted.All(item => Math.Abs(view.Shares.Where(share => share.Place == item.Place).Sum(static share => share.SharePercent) - item.Percent) < 0.02), what);
    }

    private static string PodOf(Pod pod, string group) =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {pod.Name}, namespace: {pod.Namespace}, labels: {{app: shop, group: {group}}}}}\n";

    private static (string Name, string Value)[] Headers(string name, string value) => value.Length == 0 ? [] : [(name, value)];

    [Fact]
    public async Task Who_names_a_label_that_is_not_read_is_told_and_served()
    {
        var world = await WorldAsync(HAProxyBinaries.Default);
        await world.AddServiceAsync("unread", "shop", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(Ingress("unread", "shop", 1, (Balance, "version=1=1")));
        var told = await world.Product.UntilConditionAsync("unread", "shop", "gcp", "PartiallyInvalid", "UnsupportedAnnotation");
        Assert.Contains("endpoints.pod-labels", told.Message, StringComparison.Ordinal);
        await UntilAsync(world, "unread", "shop");

        // Nor is one that is read where pods must not be read any more.
        await world.ApplyToAllAsync(Ingress("unread", "shop", 1, (Prefix + "header", "x-group:group")));
        var gcp = world["gcp"].Cluster;
        gcp.Access.Deny("list", ResourcePath.Pods);
        gcp.SendErrorEvent(ResourcePath.Pods, 410);
        await world.Product.UntilMemberAsync("gcp", static view => view.Member.Problems.Any(IsFix), "the right to grant");
        told = await world.Product.UntilConditionAsync("unread", "shop", "gcp", "PartiallyInvalid", "UnsupportedAnnotation");
        Assert.Contains("label group of pods, which is not read in gcp", told.Message, StringComparison.Ordinal);
        await world.UntilMembersAsync("http://unread.test/", "aws", "gcp");
        gcp.Access.AllowAll();
        await world.Product.UntilMemberAsync("gcp", static view => view is { Member: { Complete: true, Problems.Count: 0 }, Stale: false }, "read whole, once it is granted");
    }

    private static bool IsFix(string problem) => problem.Contains("grant list and watch on pods", StringComparison.Ordinal);
}
