using System.Diagnostics.Metrics;
using MultiCluster.Controller.Metrics;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class EventClockTests : IDisposable
{
    private static readonly EntityId Shop = EntityId.Ingress(new ObjectKey("web", "shop"));
    private static readonly EntityId Cart = EntityId.Backend(new ObjectKey("web", "cart"));
    private static readonly MemberName Aws = new("aws");

    private readonly ManualTimeProvider _time = new();
    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Seconds)> _measured = [];
    private readonly EventClock _clock;

    public EventClockTests()
    {
        _clock = new EventClock(_meter, _time);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured.Add((instrument.Name.Split('.')[^1], Math.Round(value, 3))));
        _listener.Start();
    }

    [Fact]
    public void An_event_counts_from_its_first_to_where_HAProxy_holds_its_version()
    {
        See(Shop, 10);
        See(Shop, 20);
        Publish(7, Shop, Cart);
        Assert.Equal([("published", 0.03)], _measured);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _clock.Applied("edge", 6);
        Assert.Single(_measured);
        _clock.Applied("edge", 9);
        _clock.Applied("edge", 10);
        Assert.Equal([("published", 0.03), ("applied", 0.035)], _measured);
    }

    [Fact]
    public void What_brings_proxies_nothing_is_not_awaited()
    {
        See(Shop, 10);
        Publish(null, Shop);
        _clock.Applied("edge", 9);
        Assert.Equal([("published", 0.01)], _measured);
    }

    [Fact]
    public void An_event_without_effect_does_not_make_the_next_one_late()
    {
        See(Shop, 40_000);
        See(Shop, 10);
        Publish(1, Shop);
        Assert.Equal([("published", 0.01)], _measured);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private void See(EntityId entity, int milliseconds)
    {
        _clock.Saw(entity, Aws, _time.GetTimestamp());
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    private void Publish(long? version, params EntityId[] entities)
    {
        foreach (var entity in entities)
            _clock.Took(entity);
        _clock.Published(version);
    }
}
