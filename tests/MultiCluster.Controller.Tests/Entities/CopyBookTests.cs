using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

public sealed class CopyBookTests
{
    private readonly CopyBook<ServiceCopy> _book = new();

    [Fact]
    public void A_book_holds_the_last_copy_of_each_member_in_the_members_order()
    {
        Take(Make.Gcp, "10.1.0.1");
        Take(Make.Aws, "10.0.0.1");
        Take(Make.Gcp, "10.1.0.2");
        Assert.Equal([Make.Aws, Make.Gcp], _book.Copies.Select(static copy => copy.Member));
        Assert.Equal("10.1.0.2", _book.Copies.Last().Slices[0].Endpoints[0].Addresses[0]);

        TakeNothing(Make.Aws);
        TakeNothing(Make.Gcp);
        Assert.True(_book.IsEmpty);
        Assert.True(_book.IsWhole);
    }

    [Fact]
    public void After_a_restart_it_is_whole_only_when_every_member_has_spoken()
    {
        _book.StartRecovery();
        Assert.False(_book.IsWhole);
        _book.Await([Make.Aws, Make.Gcp]);
        Take(Make.Aws, "10.0.0.1");
        Take(Make.Aws, "10.0.0.2");
        Assert.False(_book.IsWhole);
        Take(Make.Gcp, "10.1.0.1");
        Assert.True(_book.IsWhole);
    }

    [Fact]
    public void Word_that_a_member_has_nothing_counts_as_an_answer()
    {
        _book.StartRecovery();
        _book.Await([Make.Aws, Make.Gcp]);
        Take(Make.Aws, "10.0.0.1");
        TakeNothing(Make.Gcp);
        Assert.True(_book.IsWhole);
        Assert.Equal(Make.Aws, Assert.Single(_book.Copies).Member);
    }

    [Fact]
    public void News_before_the_list_of_members_is_not_waited_for_again()
    {
        _book.StartRecovery();
        Take(Make.Aws, "10.0.0.1");
        Assert.False(_book.IsWhole);
        _book.Await([Make.Aws]);
        Assert.True(_book.IsWhole);
    }

    [Fact]
    public void Without_members_there_is_nothing_to_wait_for()
    {
        _book.StartRecovery();
        _book.Await([]);
        Assert.True(_book.IsWhole);
    }

    [Fact]
    public async Task Each_delivery_is_acknowledged_once_and_not_before_it_is_asked_for()
    {
        await using var test = new DeterministicSystem();
        var watcher = test.Probe();
        var entity = EntityId.Backend(Make.Key("shop"));
        _book.Take(new EntityProtocol.Observed(Make.Aws, Make.Copy(Make.Aws, "shop"), 7), watcher.Ref);
        _book.Take(new EntityProtocol.Observed(Make.Aws, null, 8), watcher.Ref);
        test.Run();
        watcher.ExpectNothing();

        _book.Acknowledge(entity, watcher.Ref);
        _book.Acknowledge(entity, watcher.Ref);
        test.Run();
        await watcher.ExpectAsync(new MemberProtocol.Delivered(entity, 7));
        await watcher.ExpectAsync(new MemberProtocol.Delivered(entity, 8));
        watcher.ExpectNothing();
    }

    private void Take(MemberName member, string address) =>
        _book.Take(new EntityProtocol.Observed(member, Make.Copy(member, "shop", address), 1), null);

    private void TakeNothing(MemberName member) => _book.Take(new EntityProtocol.Observed(member, null, 1), null);
}
