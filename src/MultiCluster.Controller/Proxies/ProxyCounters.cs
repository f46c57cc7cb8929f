using System.Collections.Concurrent;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.Controller.Proxies;

/// <summary>Counted by the instance alone, and read by anybody.</summary>
internal sealed class ProxyCounters
{
    private readonly ConcurrentDictionary<string, long> _reloads = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, long> _failed = new(StringComparer.Ordinal);

    public long CommandsSent { get; set; }

    public long CommandsRefused { get; set; }

    public long Resyncs { get; set; }

    public long DriftRepaired { get; set; }

    /// <summary>Null until this agent has written one: what an earlier one wrote has versions of its own.</summary>
    public long? StartFileVersion { get; set; }

    public IReadOnlyDictionary<string, long> ReloadsByReason => _reloads;

    public IReadOnlyDictionary<string, long> FailedReloadsByReason => _failed;

    public void Reloaded(ReloadReason reason) => Count(_reloads, reason);

    public void ReloadFailed(ReloadReason reason) => Count(_failed, reason);

    private static void Count(ConcurrentDictionary<string, long> counts, ReloadReason reason) =>
        counts.AddOrUpdate(reason.ToString(), 1, static (_, count) => count + 1);
}
