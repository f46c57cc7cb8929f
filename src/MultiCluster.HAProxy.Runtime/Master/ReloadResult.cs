namespace MultiCluster.HAProxy.Runtime.Master;

/// <param name="Succeeded">A new worker serves. Otherwise the old one goes on.</param>
/// <param name="WorkerPid">The worker that serves now; null when the master could not say.</param>
/// <param name="Log">HAProxy's own words; from its log file where the master does not tell (2.6).</param>
public sealed record ReloadResult(bool Succeeded, int? WorkerPid, string Log)
{
    /// <summary>The first complaint of <see cref="Log"/>, for one line of ours.</summary>
    public string Reason => Log.Split('\n').FirstOrDefault(line => line.StartsWith("[ALERT]", StringComparison.Ordinal))
        ?? Log.Split('\n').LastOrDefault(line => line.Length > 0) ?? "HAProxy gave no reason";
}
