using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

public sealed class RowTableTests
{
    private static readonly Gen<FragmentUpdate> Update =
        from name in Gen.Elements("a", "b", "c", "d")
        from epoch in Gen.Choose(1, 3)
        from version in Gen.Choose(1, 4)
        select (name.Length + epoch + version) % 3 == 0 ? Rows.Tombstone(name, epoch, version) : Rows.Live(name, epoch, version);

    [Fact]
    public void The_order_and_number_of_arrivals_make_no_difference() =>
        Prop.ForAll(Update.ListOf().ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), static (updates, seed) =>
        {
            var (one, other) = (new RowTable(4), new RowTable(4));
            var shuffled = updates.Concat(updates).ToArray();
            new Random(seed).Shuffle(shuffled);
            foreach (var update in updates)
                one.Merge(update);
            foreach (var update in shuffled)
                other.Merge(update);
            Assert.Equal(one.Digests, other.Digests);
            Assert.Equal(one.Rows.OrderBy(static row => row.Entity.Key), other.Rows.OrderBy(static row => row.Entity.Key));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_lower_epoch_is_refused_whatever_its_number()
    {
        var table = new RowTable(1);
        Assert.True(table.Merge(Rows.Live("a", 2, 1)));
        Assert.False(table.Merge(Rows.Live("a", 1, 99)));
        Assert.False(table.Merge(Rows.Tombstone("a", 1, 100)));
        Assert.Equal(new FragmentVersion(2, 1), table.Find(Rows.Id("a"))!.Version);
    }

    [Fact]
    public void What_was_deleted_does_not_come_back_when_its_tombstone_is_gone()
    {
        var table = new RowTable(1);
        table.Merge(Rows.Live("a", 1, 1));
        table.Merge(Rows.Tombstone("a", 1, 2));
        table.Adopt(0, new FragmentVersion(1, 2));
        Assert.Equal(0, table.Tombstones);
        Assert.False(table.Merge(Rows.Live("a", 1, 1)));
        Assert.True(table.Merge(Rows.Live("a", 1, 3)));
    }

    [Fact]
    public void Absence_deletes_only_what_is_older_than_the_baseline()
    {
        var table = new RowTable(1);
        table.Merge(Rows.Live("old", 1, 1));
        table.Merge(Rows.Live("there", 1, 2));
        table.Merge(Rows.Live("new", 1, 9));
        var gone = table.Complete(0, new FragmentVersion(1, 5), new HashSet<EntityId> { Rows.Id("there") });
        Assert.Equal([Rows.Tombstone("old", 1, 5)], gone.AsEnumerable());
        Assert.Equal(2, table.Live);
        Assert.Equal((new FragmentVersion(1, 5), new FragmentVersion(1, 9)), (table.Digest(0).Baseline, table.Highest(0)));
    }

    [Fact]
    public void Digests_tell_live_rows_and_not_tombstones()
    {
        var (one, other) = (new RowTable(2), new RowTable(2));
        one.Merge(Rows.Live("a", 1, 1));
        one.Merge(Rows.Live("b", 1, 2));
        one.Merge(Rows.Tombstone("b", 1, 3));
        other.Merge(Rows.Live("a", 1, 1));
        Assert.Equal(one.Digests.Select(static digest => digest.Hash), other.Digests.Select(static digest => digest.Hash));
        other.Merge(Rows.Live("a", 1, 4));
        Assert.NotEqual(one.Digests.Select(static digest => digest.Hash), other.Digests.Select(static digest => digest.Hash));
    }

    [Fact]
    public void Contents_hold_tombstones_that_the_baseline_does_not_stand_for()
    {
        var table = new RowTable(1);
        table.Merge(Rows.Tombstone("a", 1, 7));
        Assert.Equal([Rows.Tombstone("a", 1, 7)], table.Contents(0).AsEnumerable());
        table.Adopt(0, new FragmentVersion(1, 7));
        Assert.Empty(table.Contents(0));
    }
}
