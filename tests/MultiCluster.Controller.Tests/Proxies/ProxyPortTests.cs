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
