using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>What an entity publishes that finds in the table what it would have published.</summary>
public sealed class PublicationBookTests
{
    private static readonly TableVersion Before = new(3, 1);

    [Fact]
    public void What_the_table_and_the_journal_hold_is_not_published_again() => Assert.False(Book(isStored: true).Decide("a")!.IsNeeded);

    [Fact]
    public void What_only_the_table_holds_is_published_again_and_once()
    {
        var book = Book(isStored: false);
        Assert.True(book.Decide("a")!.IsNeeded);
        book.OnPublished(new TableVersion(7, 1));
        Assert.False(book.Decide("a")!.IsNeeded);
    }

    [Fact]
    public void A_word_of_the_table_does_not_take_the_place_of_the_journal()
    {
        var book = Book(isStored: false);
        book.TableHolds(new TableEntry("web/shop", Before, "a"));
        Assert.True(book.Decide("a")!.IsNeeded);
    }

    [Fact]
    public void An_entry_of_another_owner_is_published_anew_though_it_says_the_same()
    {
        var book = Book(isStored: true);
        book.TableHolds(new TableEntry("web/shop", new TableVersion(4, 1), "a"));
        book.NotStored();
        Assert.True(book.Decide("a")!.IsNeeded);
    }

    [Fact]
    public void What_was_said_while_a_publication_was_under_way_is_covered_by_it()
    {
        var book = Book(isStored: true);
        Assert.True(book.Decide("b")!.IsNeeded);
        book.NotStored();
        book.OnPublished(new TableVersion(7, 1));
        Assert.False(book.Decide("b")!.IsNeeded);
    }

    private static PublicationBook Book(bool isStored)
    {
        var nobody = new SimRef(static _ => { });
        var held = new TableEntry("web/shop", Before, "a");
        return new PublicationBook(new EntityStart("web/shop", 0, 1, 7, 1, held, held, MayPublish: true, StartsOver: false, nobody, nobody, new WriteGate(new ManualTimeProvider()))
        {
            IsStored = isStored,
        });
    }
}
