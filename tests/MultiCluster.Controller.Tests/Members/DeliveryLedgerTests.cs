using MultiCluster.Controller.Members;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Members;

public sealed class DeliveryLedgerTests
{
    private static readonly EntityId Shop = EntityId.Ingress(Make.Key("shop"));
    private static readonly EntityId ShopBackend = EntityId.Backend(Make.Key("shop"));

    [Fact]
    public void Only_the_acknowledgement_of_the_last_delivery_closes_an_entity()
    {
        var ledger = new DeliveryLedger(above: 0);
        var first = ledger.Sent(Shop);
        var second = ledger.Sent(Shop);
        ledger.Acknowledged(Shop, first);
        Assert.Equal(1, ledger.Open);
        ledger.Acknowledged(Shop, second);
        Assert.Equal(0, ledger.Open);
    }

    [Fact]
    public void Entities_are_counted_apart_also_when_kinds_share_a_name()
    {
        var ledger = new DeliveryLedger(above: 0);
        var ingress = ledger.Sent(Shop);
        ledger.Sent(ShopBackend);
        ledger.Acknowledged(Shop, ingress);
        Assert.Equal(1, ledger.Open);
    }

    [Fact]
    public void An_acknowledgement_that_came_too_often_or_for_nothing_changes_nothing()
    {
        var ledger = new DeliveryLedger(above: 0);
        ledger.Acknowledged(Shop, 7);
        var sent = ledger.Sent(Shop);
        ledger.Acknowledged(Shop, sent);
        ledger.Acknowledged(Shop, sent);
        Assert.Equal(0, ledger.Open);
    }

    [Fact]
    public void Acknowledgements_owed_to_an_earlier_incarnation_mean_nothing()
    {
        var before = new DeliveryLedger(above: 0);
        var old = before.Sent(Shop);
        var ledger = new DeliveryLedger(above: 1_000);
        ledger.Sent(Shop);
        ledger.Acknowledged(Shop, old);
        Assert.Equal(1, ledger.Open);
    }
}
