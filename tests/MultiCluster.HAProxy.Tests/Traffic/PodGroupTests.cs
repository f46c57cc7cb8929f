using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Traffic;

/// <summary>Pods are written as member, group ('-' for none) and number, such as "aws blue 2".</summary>
public sealed class PodGroupTests
{
    private static readonly RouteKey Key = Make.Prefix("shop.example", "");

    [Theory]
    [InlineData("however many pods a group has", "blue=1 green=4", "", "aws blue 3, aws green 1", "aws blue 20, aws green 80")]
    [InlineData("a weight of each pod", "blue=1 green=4", "pod", "aws blue 3, aws green 1", "aws blue 42.86, aws green 57.14")]
    [InlineData("of a group that is not there the others have all", "blue=1 green=4", "", "aws blue 3", "aws blue 100")]
    [InlineData("pods without a label get nothing", "blue=1 green=1", "", "aws blue 1, aws green 1, aws - 5", "aws blue 50, aws green 50")]
    [InlineData("none of weight 0", "blue=0 green=1", "", "aws blue 5, aws green 1", "aws green 100")]
    [InlineData("nobody", "blue=0", "", "aws blue 5", "")]
    [InlineData("no label anywhere: all alike", "blue=1 green=4", "", "aws - 4", "aws * 100")]
    [InlineData("of several members by their pods", "blue=1 green=4", "", "aws blue 3, gcp blue 1, gcp green 5", "aws blue 15, gcp blue 5, gcp green 80")]
    [InlineData("a member without labels has what its pods are worth", "blue=1 green=1", "", "aws blue 1, aws green 2, gcp - 1", "aws blue 37.5, aws green 37.5, gcp * 25")]
    [InlineData("weights of members come first", "blue=1 green=4", "aws=75 gcp=25", "aws blue 3, aws green 1, gcp blue 1", "aws blue 15, aws green 60, gcp blue 25")]
    [InlineData("and weights of pods within", "blue=1 green=1", "pod aws=50 gcp=50", "aws blue 3, aws green 1, gcp green 7", "aws blue 37.5, aws green 12.5, gcp green 50")]
    [InlineData("a member whose pods all get nothing yields to the others", "blue=0 green=1", "aws=50 gcp=50", "aws blue 3, gcp green 1", "gcp green 100")]
    public void Groups_share(string why, string weights, string mode, string pods, string shares)
    {
        Assert.NotEmpty(why);
        Assert.Equal(shares, Shares(Applied(Groups(weights, mode), mode, pods), ""));
    }

    [Theory]
    [InlineData("blue", "", "aws blue 75, gcp blue 25")]
    [InlineData("green", "", "gcp green 100")]
    [InlineData("red", "", "")]
    [InlineData("blue", "aws=50 gcp=50", "aws blue 50, gcp blue 50")]
    [InlineData("blue", "aws=0 gcp=1", "gcp blue 100")]
    public void A_request_that_names_a_group_gets_it_whatever_its_weight(string named, string mode, string shares)
    {
        var groups = Groups("blue=0 green=1", mode) with { ChosenLabel = "group", ChosenByHeader = "x-group", ChosenByCookie = "g" };
        var desired = Applied(groups, mode, "aws blue 3, gcp blue 1, gcp green 5");
        Assert.Equal(shares, Shares(desired, $"+{named}"));
        Assert.Equal("*x-group*g", desired.Map(MapName.Routes).Values.Single().Split('|')[1]);
        Assert.All(desired.Map(MapName.Shares).Keys, key => Assert.True(desired.HasSteer(RouteMaps.SteerOf(key))));
    }

    [Fact]
    public void Without_weights_any_pod_takes_what_names_none()
    {
        var desired = Applied(BlueGreen.None with { ChosenLabel = "group", ChosenByCookie = "g" }, "", "aws blue 1, aws - 1");
        Assert.Equal("aws * 100", Shares(desired, ""));
        Assert.Equal("aws blue 100", Shares(desired, "+blue"));
    }

    /// <summary>A label may have a value of its own for each pod: the first by name have a group, and besides them those with a weight.</summary>
    [Fact]
    public void Of_many_values_the_same_ones_may_be_named()
    {
        var pods = Enumerable.Range(10, 20).Select(static i => $"aws g{i} 1").ToList();
        foreach (var order in new[] { pods, Enumerable.Reverse(pods) })
        {
            var desired = Applied(Groups("g29=1 g28=0", "") with { ChosenLabel = "group", ChosenByCookie = "g" }, "", string.Join(", ", order));
            Assert.Equal(
                [.. Enumerable.Range(10, 16), 28, 29],
                Enumerable.Range(10, 20).Where(i => Shares(desired, $"+g{i}") == $"aws g{i} 100"));
        }
    }

    [Fact]
    public void Another_pod_of_a_group_is_one_server()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Groups("blue=1 green=4", ""), "", "aws blue 3, aws green 1"));
        Assert.All(proxy.Apply(Delta(Groups("blue=1 green=4", ""), "", "aws blue 4, aws green 1")), static line => Assert.EndsWith(":10.0.0.4:8080:c", line.Split(' ').First(static word => word.Contains(':', StringComparison.Ordinal)), StringComparison.Ordinal));
        Assert.All(proxy.Apply(Delta(Groups("blue=2 green=3", ""), "", "aws blue 4, aws green 1")), static line => Assert.Contains("maps/shares.map", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("group", "blue")]
    [InlineData("app.kubernetes.io/version", "v1.2_3")]
    public void A_group_is_found_by_the_name_of_its_place(string key, string value)
    {
        var place = PlaceKey.OfGroup(Make.Backend("cart").Ref, new MemberName("aws"), new GroupKind(default, TrafficDistribution.PreferSameZone, LocalityTier.Zone) { Pods = new PodLabel(key, value) });
        Assert.Equal(place, BackendNames.Parse(BackendNames.RealName(place)));
        Assert.True(BackendNames.IsUsable(place));
    }

    private static DesiredData Applied(BlueGreen groups, string mode, string pods)
    {
        var desired = Make.Desired(Make.Slots, slots: 64);
        desired.Apply(Delta(groups, mode, pods));
        return desired;
    }

    private static BlueGreen Groups(string weights, string mode) => BlueGreen.None with
    {
        Groups = weights.Split(' ').Select(static word => word.Split('=')).Select(static word => new PodGroup(new PodLabel("group", word[0]), int.Parse(word[1], null))).ToEquatableArray(),
        IsOfPods = mode.StartsWith("pod", StringComparison.Ordinal),
    };

    private static RoutingDelta Delta(BlueGreen groups, string mode, string pods)
    {
        var weights = mode.Split(' ').Where(static word => word.Contains('=', StringComparison.Ordinal)).Select(static word => word.Split('=')).Select(static word => (word[0], int.Parse(word[1], null))).ToArray();
        var members = pods.Split(", ").Select(static word => word.Split(' ')).GroupBy(static word => word[0], StringComparer.Ordinal).ToList();
        var route = Make.Route(Key, "cart", [.. members.Select(static member => member.Key)]) with
        {
            Policy = RoutePolicy.None with { Backend = BackendPolicy.None with { BlueGreen = groups } },
            Traffic = weights.Length == 0 ? null : Make.Policy(weights),
        };
        return Make.Delta([route], new Fragment.Backend(new ObjectKey("web", "cart"), members.Select((member, i) => new MemberBackend(
            new MemberName(member.Key), [new BackendPort("http", 80, "", member.SelectMany((word, j) => Pods(word, $"10.{i}.{j}")).ToEquatableArray())])).ToEquatableArray()));
    }

    private static IEnumerable<BackendEndpoint> Pods(string[] word, string net) => Enumerable.Range(1, int.Parse(word[2], null)).Select(i => Make.Endpoint($"{net}.{i}") with
    {
        Labels = word[1] == "-" ? EquatableMap.Empty : EquatableMap.From([KeyValuePair.Create("group", word[1])]),
    });

    /// <param name="named">Behind the text of the choice.</param>
    private static string Shares(DesiredData desired, string named)
    {
        var draws = desired.Map(MapName.Shares).Where(entry => RouteMaps.SteerOf(entry.Key).ToString() == Assert.Single(desired.Steers).Key.Text + named)
            .GroupBy(static entry => entry.Value, StringComparer.Ordinal)
            .Select(group => (Place: desired.Find(group.Key)!.Key, Draws: group.Sum(static entry => (int)Math.Pow(10, 5 - (entry.Key.Length - entry.Key.LastIndexOf('/') - 1)))));
        return string.Join(", ", draws.Select(static item => FormattableString.Invariant($"{item.Place.Member} {item.Place.Group?.Pods?.Value ?? "*"} {item.Draws / 100.0:0.##}")).Order(StringComparer.Ordinal));
    }
}
