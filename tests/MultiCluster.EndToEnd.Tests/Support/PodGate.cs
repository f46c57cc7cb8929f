using System.Net;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A pod that can die and come back: its address answers only while the gate is open.</summary>
internal sealed class PodGate : IAsyncDisposable
{
    private readonly IPEndPoint _outside;
    private readonly IPEndPoint _inside;
    private TcpRelay? _relay;

    public PodGate(EchoPods farm, string member, string ns, string service)
    {
        var inside = farm.New(member, ns, service);
        Pod = inside with { Address = PodAddresses.New() };
        (_outside, _inside) = (new IPEndPoint(Pod.Address, farm.Port), new IPEndPoint(inside.Address, farm.Port));
        Revive();
    }

    /// <summary>As an EndpointSlice has it.</summary>
    public Pod Pod { get; }

    /// <summary>Its connections break, and new ones are refused.</summary>
    public async Task KillAsync()
    {
        if (_relay is not { } relay)
            return;
        _relay = null;
        await relay.DisposeAsync();
    }

    public void Revive() => _relay ??= TcpRelay.Start(_outside, _inside);

    public async ValueTask DisposeAsync() => await KillAsync();
}
