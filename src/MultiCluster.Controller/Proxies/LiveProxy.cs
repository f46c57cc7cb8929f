using MultiCluster.HAProxy.Data;

namespace MultiCluster.Controller.Proxies;

/// <summary>What an instance shows to other threads of its present life.</summary>
public sealed class LiveProxy
{
    private volatile BackendDirectory? _backends;

    /// <summary>Null until we looked whether a HAProxy runs.</summary>
    public BackendDirectory? Backends
    {
        get => _backends;
        internal set => _backends = value;
    }
}
