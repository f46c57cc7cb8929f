using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Tests;

public sealed class EquatableCollectionTests
{
    [Fact]
    public void Arrays_are_equal_by_their_items() => Prop.ForAll<int[], int[]>(static (left, right) =>
    {
        var (a, b) = (left.ToEquatableArray(), right.ToEquatableArray());
        Assert.Equal(left.SequenceEqual(right), a == b);
        Assert.Equal(a, left.ToEquatableArray());
        Assert.Equal(a.GetHashCode(), left.ToEquatableArray().GetHashCode());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_default_array_is_an_empty_one()
    {
        EquatableArray<string> nothing = default;

        Assert.Equal([], nothing);
        Assert.Equal(nothing, EquatableArray<string>.Empty);
        Assert.Equal(nothing.GetHashCode(), EquatableArray<string>.Empty.GetHashCode());
        Assert.True(nothing.IsEmpty);
        Assert.Empty(nothing);
        Assert.Equal("[]", nothing.ToString());
    }

    [Fact]
    public void A_record_that_holds_an_array_compares_by_value() => Assert.Equal(new Holder(["a", "b"]), new Holder(["a", "b"]));

    [Fact]
    public void Maps_are_equal_in_any_order_of_building() => Prop.ForAll<Dictionary<int, int>>(static items =>
    {
        var pairs = items.Select(static item => KeyValuePair.Create($"k{item.Key}", $"v{item.Value}")).ToList();
        var map = EquatableMap.From(pairs);
        pairs.Reverse();
        Assert.Equal(map, EquatableMap.From(pairs));
        Assert.Equal(map.GetHashCode(), EquatableMap.From(pairs).GetHashCode());
        foreach (var (key, value) in pairs)
            Assert.Equal(value, map[key]);
        Assert.Equal(pairs.Count, map.Count);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Maps_differ_by_key_and_by_value()
    {
        var map = EquatableMap.From([new("a", "1")]);

        Assert.NotEqual(map, EquatableMap.From([new("a", "2")]));
        Assert.NotEqual(map, EquatableMap.From([new("b", "1")]));
        Assert.NotEqual(map, EquatableMap.Empty);
        Assert.Null(map.Find("A"));
        Assert.False(map.TryGetValue("x", out _));
        Assert.Throws<KeyNotFoundException>(() => map["x"]);
        Assert.Equal("2", EquatableMap.From([new("a", "1"), new("a", "2")])["a"]);
    }

    private sealed record Holder(EquatableArray<string> Items);
}
