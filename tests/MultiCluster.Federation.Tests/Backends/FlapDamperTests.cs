using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Backends;

/// <summary>P9: pods 1, 2, 3 ... of one Service, of which some come and go.</summary>
public sealed class FlapDamperTests
{
    private readonly FlapDamper _damper = new();
    private double _now;
    private Fragment.Backend? _last;

    [Fact]
    public void The_fourth_return_waits_and_each_further_one_twice_as_long_until_half_a_minute()
    {
        Apply(1, 2, 3);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            Apply(1, 2);
            Apply(1, 2, 3);
            var due = _damper.Due?.TotalSeconds - _now ?? 0;
            Assert.Equal(due > 0 ? "1 2" : "1 2 3", Served());
            waits.Add(due);
            _now += due;
            Assert.Equal("1 2 3", Again(1, 2, 3));
        }

        Assert.Equal([0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30], waits);
    }

    [Fact]
    public void A_pod_leaves_at_once_also_while_it_waits_and_returns_while_it_waits_count()
    {
        Flap(4, flapping: 3);
        Assert.Equal("1 2", Served());

        _now += 0.9;
        Apply(1, 2);
        Assert.Null(_damper.Due);
        Apply(1, 2, 3);
        Assert.Equal(_now + 2, _damper.Due!.Value.TotalSeconds);
        _now += 1.9;
        Assert.Equal("1 2", Again(1, 2, 3));
        _now += 0.1;
        Assert.Equal("1 2 3", Again(1, 2, 3));
        Assert.Null(_damper.Due);
    }

    [Fact]
    public void After_a_calm_minute_all_is_forgiven()
    {
        Flap(4, flapping: 3);
        _now += 60;
        Apply(1, 2);
        Apply(1, 2, 3);
        Assert.Equal("1 2 3", Served());
        Flap(2, flapping: 3);
        Assert.Equal("1 2 3", Served());
        Flap(1, flapping: 3);
        Assert.Equal("1 2", Served());

        Apply(1, 2);
        _now += 60;
        Assert.Equal("1 2 3", Again(1, 2, 3));
    }

    [Fact]
    public void Where_more_than_half_of_a_ports_pods_would_wait_none_does()
    {
        Apply(1, 2);
        for (var i = 0; i < 4; i++)
        {
            Apply();
            Apply(1, 2);
        }

        Assert.Equal("1 2", Served());
        Assert.Empty(_last!.Conditions);
        // Let in, they are not taken out again when others come.
        Assert.Equal("1 2 3 4", Again(1, 2, 3, 4));

        // Half of them may.
        Assert.Equal("3 4", Again(3, 4));
        Assert.Equal("3 4", Again(1, 2, 3, 4));
        Assert.Equal("1 2 3", Again(1, 2, 3));
        Assert.Equal("1", Again(1));
    }

    [Fact]
    public void New_pods_never_wait_whatever_their_number()
    {
        for (var round = 0; round < 20; round++)
        {
            int[] pods = [.. Enumerable.Range(round * 100, (round % 2 * 90) + 10)];
            Apply(pods);
            Assert.Equal(pods.Length, _last!.Members[0].Ports[0].Endpoints.Count);
        }
    }

    [Fact]
    public void Another_pod_at_the_same_address_is_another_pod()
    {
        for (var i = 0; i < 10; i++)
        {
            Apply(Merge(Make.Ready("10.0.0.1", "a"), Make.Ready("10.0.0.2", $"b-{i}")));
            Assert.Equal(2, _last!.Members[0].Ports[0].Endpoints.Count);
        }
    }

    [Fact]
    public void Addresses_without_a_pod_are_followed()
    {
        for (var i = 0; i < 10; i++)
        {
            Apply(Merge(Make.Ready("10.0.0.1"), Make.Ready("10.0.0.2")));
            Assert.Equal(2, _last!.Members[0].Ports[0].Endpoints.Count);
            Apply(Merge(Make.Ready("10.0.0.1")));
        }
    }

    /// <summary>The threshold of a policy is of all pods, and one that waits is not healthy.</summary>
    [Fact]
    public void A_pod_that_waits_counts_as_not_ready_and_a_condition_names_it()
    {
        Flap(4, flapping: 3);

        Assert.Equal([new UnreadyEndpoints("", 1)], _last!.Members[0].Ports[0].Unready);
        var condition = Assert.Single(_last.Conditions);
        Assert.Equal(Make.Aws, condition.Member);
        Assert.Equal((ConditionType.PartiallyInvalid, Reasons.Flapping), (condition.Condition.Type, condition.Condition.Reason));
        Assert.Equal(
            "aws: Service web/shop: pod pod-3 at 10.0.0.3 became ready 4 times with less than a minute between, and takes requests when it has been ready for 1 s; find out why it restarts or fails its readiness probe",
            condition.Condition.Message);
    }

    [Fact]
    public void A_pod_of_several_ports_flaps_once()
    {
        var service = Make.Service("shop", Make.Port(80, "http"), Make.Port(9090, "metrics"));
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(_damper.Due);
            Apply(Of(Make.Ready("10.0.0.1", "a")));
            Apply(Of(Make.Ready("10.0.0.1", "a"), Make.Ready("10.0.0.2", "b")));
        }

        // The first of four was no return.
        Assert.Null(_damper.Due);
        Apply(Of(Make.Ready("10.0.0.1", "a")));
        Apply(Of(Make.Ready("10.0.0.1", "a"), Make.Ready("10.0.0.2", "b")));
        Assert.All(_last!.Members[0].Ports, static port => Assert.Equal("10.0.0.1", Assert.Single(port.Endpoints).Address));
        Assert.Single(Assert.Single(_last.Conditions).Condition.Details);

        Fragment.Backend Of(params Endpoint[] pods) => BackendFederation.Merge(
            Make.Shop,
            [Make.Copy(Make.Aws, service, Make.Slice("s", "shop", pods) with { Ports = [new("http", 8080, "TCP", null), new("metrics", 9100, "TCP", null)] })],
            ExternalNameResolution.Empty)!;
    }

    [Fact]
    public void What_flaps_in_one_member_is_nothing_to_another()
    {
        var gcp = Make.Copy(Make.Gcp, Make.Service("shop"), Make.Slice("g", "shop", Make.Ready("10.0.0.1", "pod-1"), Make.Ready("10.0.0.3", "pod-3")));
        for (var i = 0; i < 5; i++)
        {
            Apply(Both(1, 2));
            Apply(Both(1, 2, 3));
        }

        Assert.Equal(["10.0.0.1", "10.0.0.2"], _last!.Members[0].Ports[0].Endpoints.Select(static endpoint => endpoint.Address));
        Assert.Equal(["10.0.0.1", "10.0.0.3"], _last.Members[1].Ports[0].Endpoints.Select(static endpoint => endpoint.Address));

        Fragment.Backend Both(params int[] pods) => BackendFederation.Merge(
            Make.Shop, [Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", Pods(pods))), gcp], ExternalNameResolution.Empty)!;
    }

    private static Endpoint[] Pods(int[] numbers) => [.. numbers.Select(static number => Make.Ready($"10.0.{number / 250}.{number % 250}", $"pod-{number}"))];

    private static Fragment.Backend Merge(params Endpoint[] pods) => BackendFederation.Merge(
        Make.Shop, [Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("s", "shop", pods))], ExternalNameResolution.Empty)!;

    private void Flap(int times, int flapping)
    {
        Apply(1, 2, flapping);
        for (var i = 0; i < times; i++)
        {
            Apply(1, 2);
            Apply(1, 2, flapping);
        }
    }

    private void Apply(params int[] pods) => Apply(Merge(Pods(pods)));

    private void Apply(Fragment.Backend merged) => _last = _damper.Apply(merged, TimeSpan.FromSeconds(_now));

    private string Again(params int[] pods)
    {
        Apply(pods);
        return Served();
    }

    private string Served() => string.Join(' ', _last!.Members[0].Ports[0].Endpoints.Select(static endpoint => endpoint.Pod["pod-".Length..]));
}
