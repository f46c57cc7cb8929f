using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.Controller.Tests.Proxies;

/// <summary>A new port of connections is one reload, whatever else comes beside it.</summary>
public sealed class ProxyPortTests : IDisposable
{
    private readonly ProxyFixture _proxy = new();

    public void Dispose() => _proxy.Dispose();

    [Fact]
    public void Connections_to_a_port_that_requests_come_to_cost_no_reload()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        _proxy.State.Take(ProxyFixture.Connections(8080, service: 1));
        _proxy.RunUntil<NextStep.Idle>(_proxy.State, out var idle);
        Assert.Null(idle.Why);
        Assert.NotEmpty(_proxy.State.Reconciler!.Desired.WithoutSlot);
    }

    [Fact]
    public void A_new_port_brings_the_slots_of_its_connections_with_it()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        _proxy.State.Take(ProxyFixture.Connections(8080, service: 1));
        _proxy.State.Take(ProxyFixture.Connections(9000, service: 1));
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var reload);
        Assert.Equal(ReloadReason.PortAdded, reload.Reason);
        _proxy.State.PrepareReload();
        _proxy.Reloaded(_proxy.State);
        _proxy.RunUntil<NextStep.Idle>(_proxy.State, out var idle);
        Assert.Null(idle.Why);
        Assert.Empty(_proxy.State.Reconciler!.Desired.WithoutSlot);
    }

    [Theory]
    [InlineData("[ALERT]    (1) : Binding [haproxy.cfg:9] for frontend tcp-9000: cannot bind socket (Address already in use) for [0.0.0.0:9000]")]
    [InlineData("Binding [a.cfg:9] for frontend tcp-9000: protocol tcpv4: cannot bind socket (Address already in use) for [0.0.0.0:9000].\n[ALERT] : [main()] Some protocols failed")]
    public void A_port_that_another_process_has_is_left_out_and_tried_again(string words)
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        _proxy.State.Take(ProxyFixture.Connections(9000, service: 1));
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out _);
        var before = _proxy.Opened(_proxy.State.Connection!.Reading.Identity!.ToString());
        _proxy.State.PrepareReload();
        Assert.True(_proxy.State.LeaveOutPorts(words));
        Assert.False(_proxy.State.LeaveOutPorts(words));
        _proxy.State.OnOpened(before, hadStartFile: true, poolSizeOnDisk: 0);

        // The slots that were to come with it come without it, at once.
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var next);
        Assert.Equal(ReloadReason.PoolExhausted, next.Reason);
        _proxy.State.PrepareReload();
        _proxy.Reloaded(_proxy.State);
        _proxy.RunUntil<NextStep.Idle>(_proxy.State, out var idle);
        Assert.Null(idle.Why);
        var refused = Assert.Single(_proxy.State.Reconciler!.Desired.Refused);
        Assert.Equal("TCP port 9000", refused.Key.Name);
        Assert.Equal("HAProxy can't listen on port 9000 of this machine: cannot bind socket (Address already in use) for [0.0.0.0:9000]; free it or choose another. It is tried again (asked for by web/shop)", refused.Value);

        // Others go on; it comes when it is free.
        _proxy.State.Take(ProxyFixture.Connections(9001, service: 1));
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var reload);
        Assert.Equal(ReloadReason.PortAdded, reload.Reason);
        _proxy.State.PrepareReload();
        _proxy.Reloaded(_proxy.State);
        _proxy.RunUntil<NextStep.Idle>(_proxy.State, out _);
        _proxy.State.TryAllPorts(static (_, _) => false);
        Assert.True(_proxy.State.LacksPorts);
        _proxy.State.TryAllPorts(static (_, _) => true);
        Assert.False(_proxy.State.LacksPorts);
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out reload);
        Assert.Equal(ReloadReason.PortAdded, reload.Reason);
        Assert.Empty(_proxy.State.Reconciler!.Desired.Refused);
    }

    [Theory]
    [InlineData("Binding [haproxy.cfg:9] for frontend requests: cannot bind socket (Address already in use) for [0.0.0.0:80]")]
    [InlineData("[haproxy.main()] Some protocols failed to start their listeners! Exiting.")]
    [InlineData("")]
    public void What_is_no_port_of_a_service_is_not_left_out(string words)
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        Assert.False(_proxy.State.LeaveOutPorts(words));
    }

    [Fact]
    public void A_port_that_comes_while_HAProxy_reloads_is_a_reload_for_its_own_reason()
    {
        _proxy.Programmed(ProxyFixture.Routes(0));
        _proxy.State.OnSnapshot(ProxyFixture.Routes(ProxyFixture.PoolSize + 1), new Readiness([], GaveUpWaiting: false));
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out _);
        _proxy.State.PrepareReload();
        var before = _proxy.State.Renderer!.Identity().ToString();
        _proxy.State.Take(ProxyFixture.Connections(9000, service: 1));
        _proxy.State.OnOpened(_proxy.Opened(before), hadStartFile: true, poolSizeOnDisk: 0);
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var reload);
        Assert.Equal(ReloadReason.PortAdded, reload.Reason);

        // The file was refused: the reason stays what it was.
        _proxy.State.PrepareReload();
        _proxy.State.BlockReload("port in use", isFileRefused: false);
        _proxy.State.OnOpened(_proxy.Opened(before), hadStartFile: true, poolSizeOnDisk: 0);
        _proxy.State.AllowReload();
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out reload);
        Assert.Equal(ReloadReason.PortAdded, reload.Reason);
    }
}
