using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class DesiredDataTests
{
    [Fact]
    public void However_it_came_about_equal_models_give_equal_data() => Check.Scripts(300, 300, static script =>
    {
        var world = new World();
        var grown = Make.Desired(Make.Slots, 64);
        while (!script.IsAtEnd)
            grown.Apply(world.Change(script));
        var fresh = Make.Desired(Make.Slots, 64);
        fresh.Apply(world.Whole());
        Assert.Equal(Meaning(fresh), Meaning(grown));
    });

    [Fact]
    public void What_a_delta_touches_is_all_that_changes() => Check.Scripts(200, 200, static script =>
    {
        var world = new World();
        var desired = Make.Desired(Make.Slots, 64);
        while (!script.IsAtEnd)
        {
            var before = Entries(desired);
            var files = desired.Certificates.Keys.ToHashSet(StringComparer.Ordinal);
            var touched = desired.Apply(world.Change(script));
            var after = Entries(desired);
            Assert.All(before.Keys.Union(after.Keys).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)), key => Assert.Contains(key, touched.Maps));
            files.SymmetricExceptWith(desired.Certificates.Keys);
            Assert.All(files, file => Assert.Contains(file, touched.Certificates));
        }
    });

    [Theory]
    [InlineData(10)]
    [InlineData(3000)]
    public void One_change_touches_the_same_few_things_at_any_size(int size)
    {
        var desired = Make.Desired(Make.Slots, size + 2);
        desired.Apply(Make.Delta(
            Enumerable.Range(0, size).Select(static i => Make.Route(Make.Prefix($"h{i}.example", ""), $"s{i}")),
            [.. Enumerable.Range(0, size).Select(static i => Make.Fragment($"s{i}", "10.0.0.1"))]));

        Assert.Equal((0, 1), Counts(desired.Apply(Make.Delta([], Make.Fragment("s3", "10.0.0.2")))));
        Assert.Equal((1, 0), Counts(desired.Apply(Make.Delta([Make.Route(Make.Prefix("h3.example", "/new"), "s4")]))));
        Assert.Equal((1, 1), Counts(desired.Apply(Make.Delta([Make.Route(Make.Prefix("h3.example", ""), "s4")]))));
        Assert.Equal((2, 1), Counts(desired.Apply(Make.Delta([Make.Route(Make.Prefix("new.example", ""), "new")], Make.Fragment("new", "10.0.0.1")))));
        Assert.Equal((0, 0), Counts(desired.Apply(Make.Delta([], Make.Fragment("s5", "10.0.0.1")))));
    }

    [Fact]
    public void A_Service_without_endpoints_takes_no_slot_until_it_has_one()
    {
        var desired = Make.Desired(Make.Slots);
        var route = Make.Route(Make.Prefix("a.example", ""), "a");
        desired.Apply(Make.Delta([route]));
        Assert.Equal("no-endpoints||web/shop", desired.Map(MapName.Routes)["a.example/"]);
        Assert.Equal(0, desired.Pool.Used);
        desired.Apply(Make.Delta([], Make.Fragment("a", "10.0.0.1")));
        Assert.Equal("slot-0||web/shop", desired.Map(MapName.Routes)["a.example/"]);

        // And keeps it when it has none again: pods come back.
        desired.Apply(Make.Delta([], Make.Fragment("a")));
        Assert.Equal("slot-0||web/shop", desired.Map(MapName.Routes)["a.example/"]);
        Assert.Empty(desired.Find("slot-0")!.Servers);
    }

    [Fact]
    public void Short_of_slots_the_pool_is_to_grow_and_a_released_slot_goes_to_who_waits()
    {
        var desired = Make.Desired(Make.Slots, 1);
        desired.Apply(Make.Delta(
            [Make.Route(Make.Prefix("a.example", ""), "a"), Make.Route(Make.Prefix("b.example", ""), "b")],
            Make.Fragment("a", "10.0.0.1"), Make.Fragment("b", "10.0.0.2")));
        Assert.Equal(Make.Place("b"), Assert.Single(desired.WithoutSlot));
        Assert.True(desired.IsWaiting(new MapKey(MapName.Routes, "b.example/")));

        desired.Apply(Make.Without(Make.Prefix("a.example", "")));
        var touched = desired.Release("slot-0");
        Assert.Empty(desired.WithoutSlot);
        Assert.Contains(new MapKey(MapName.Routes, "b.example/"), touched.Maps);
        Assert.Equal("slot-0||web/shop", desired.Map(MapName.Routes)["b.example/"]);
    }

    [Fact]
    public void The_pool_doubles_until_all_have_a_place()
    {
        var desired = Make.Desired(Make.Slots, 1);
        desired.Apply(Make.Delta(
            Enumerable.Range(0, 5).Select(static i => Make.Route(Make.Prefix($"h{i}.example", ""), $"s{i}")),
            [.. Enumerable.Range(0, 5).Select(static i => Make.Fragment($"s{i}", "10.0.0.1"))]));
        Assert.Equal(4, desired.WithoutSlot.Count);
        desired.GrowPool();
        Assert.Empty(desired.WithoutSlot);
        Assert.Equal(8, desired.Pool.Size);
        Assert.Equal(5, desired.Map(MapName.Routes).Values.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void An_abandoned_backend_is_remembered_until_it_is_released()
    {
        var desired = Make.Desired(Make.Slots);
        var route = Make.Route(Make.Prefix("a.example", ""), "a");
        desired.Apply(Make.Delta([route], Make.Fragment("a", "10.0.0.1")));
        desired.Apply(Make.Without(route.Key));
        Assert.Null(desired.Find("slot-0"));
        Assert.Equal("web/a:80@aws", desired.Map(MapName.Backends)["slot-0"]);

        // Wanted again before that, it gets its old place back.
        desired.Apply(Make.Delta([route]));
        Assert.NotNull(desired.Find("slot-0"));
        Assert.True(desired.Release("slot-0").IsEmpty);
        desired.Apply(Make.Without(route.Key));
        desired.Release("slot-0");
        Assert.Empty(desired.Map(MapName.Backends));
    }

    private static (int Maps, int Backends) Counts(Touched touched) => (touched.Maps.Count, touched.Backends.Count);

    private static Dictionary<MapKey, string> Entries(DesiredData desired) => RouteMaps.All
        .SelectMany(map => desired.Map(map).Select(pair => (new MapKey(map, pair.Key), pair.Value)))
        .ToDictionary(static pair => pair.Item1, static pair => pair.Value);

    /// <summary>Without the names of slots, which depend on history.</summary>
    private static List<string> Meaning(DesiredData desired)
    {
        var lines = new List<string>();
        foreach (var map in RouteMaps.Routing)
        {
            foreach (var (key, value) in desired.Map(map))
            {
                var backend = desired.Find(RouteMaps.BackendOf(value).ToString());
                lines.Add($"{map} {key} {backend?.RealName ?? "nobody"} {RouteMaps.ExpressionsOf(value)}{RouteMaps.IngressOf(value)} {Servers(backend)}");
            }
        }

        // A backend that had endpoints once keeps its place: to a request that is the same as having none.
        lines = [.. lines.Select(line => line.EndsWith(' ') ? Nobody(line) : line)];
        lines.AddRange(desired.Certificates.Values.Select(static file => $"{file.FileName} {string.Join(',', file.Hosts)}"));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static string Servers(DesiredBackend? backend) =>
        backend is null ? "" : string.Join(',', backend.Servers.Keys.Order(StringComparer.Ordinal));

    private static string Nobody(string line)
    {
        var words = line.Split(' ');
        return $"{words[0]} {words[1]} nobody {words[3]} ";
    }
}
