using MultiCluster.HAProxy.Planning;

namespace MultiCluster.Controller.Proxies;

internal sealed class ProxyCounters
{
    private readonly SortedDictionary<string, long> _reloads = new(StringComparer.Ordinal);

    public long CommandsSent { get; set; }

    public long CommandsRefused { get; set; }

    public long Resyncs { get; set; }

    /// <summary>Null until this agent has written one: what an earlier one wrote has versions of its own.</summary>
    public long? StartFileVersion { get; set; }

    public IReadOnlyDictionary<string, long> ReloadsByReason => _reloads;

    public void Reloaded(ReloadReason reason)
    {
        var name = reason.ToString();
        _reloads[name] = _reloads.GetValueOrDefault(name) + 1;
    }
}
