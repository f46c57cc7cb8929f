using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class BackendPoolTests
{
    [Fact]
    public void A_key_keeps_its_slot_until_released_and_a_released_slot_goes_to_the_end_of_the_line()
    {
        var pool = new BackendPool(Make.Slots, 3, []);
        Assert.Equal("slot-0", pool.Acquire(Make.Place("a")));
        Assert.Equal("slot-1", pool.Acquire(Make.Place("b")));
        Assert.Equal("slot-0", pool.Acquire(Make.Place("a")));
        pool.Release("slot-0");
        Assert.Equal("slot-2", pool.Acquire(Make.Place("c")));
        Assert.Equal("slot-0", pool.Acquire(Make.Place("d")));
        Assert.Null(pool.Acquire(Make.Place("e")));
    }

    [Fact]
    public void What_HAProxy_holds_keeps_its_place()
    {
        var pool = new BackendPool(Make.Slots, 3, [KeyValuePair.Create("slot-1", Make.Place("b"))]);
        Assert.Equal("slot-1", pool.Acquire(Make.Place("b")));
        Assert.Equal("slot-0", pool.Acquire(Make.Place("a")));
        Assert.Equal(Make.Place("b"), pool.KeyOf("slot-1"));
    }

    [Theory]
    [InlineData("slot-9")]
    [InlineData("web_b_80_1234")]
    [InlineData("bad name")]
    public void A_place_that_the_start_file_would_not_render_is_not_kept(string name)
    {
        var pool = new BackendPool(Make.Slots, 3, [KeyValuePair.Create(name, Make.Place("b"))]);
        Assert.Empty(pool.Names);
        Assert.Equal("slot-0", pool.Acquire(Make.Place("b")));
    }

    [Fact]
    public void Two_names_for_one_backend_leave_the_first()
    {
        KeyValuePair<string, PlaceKey>[] held = [KeyValuePair.Create("slot-0", Make.Place("b")), KeyValuePair.Create("slot-1", Make.Place("b"))];
        var pool = new BackendPool(Make.Slots, 3, held);
        Assert.Equal("slot-0", pool.Acquire(Make.Place("b")));
        Assert.Equal("slot-1", pool.Acquire(Make.Place("c")));
    }

    [Fact]
    public void Growing_adds_slots_and_never_shrinks()
    {
        var pool = new BackendPool(Make.Slots, 1, []);
        pool.Acquire(Make.Place("a"));
        pool.Grow(default, 2);
        pool.Grow(default, 1);
        Assert.Equal(2, pool.Size);
        Assert.Equal("slot-1", pool.Acquire(Make.Place("b")));
    }

    [Fact]
    public void With_dynamic_backends_there_is_always_a_place()
    {
        var pool = new BackendPool(Make.Dynamic, 0, []);
        Assert.Equal(BackendNames.Dynamic(Make.Place("a")), pool.Acquire(Make.Place("a")));
        Assert.Equal(0, pool.Size);
    }
}
