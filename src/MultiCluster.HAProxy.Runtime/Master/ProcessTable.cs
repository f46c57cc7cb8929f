namespace MultiCluster.HAProxy.Runtime.Master;

/// <param name="Reloads">Since the master started, failed ones included.</param>
/// <param name="FailedReloads">Since the last one that worked.</param>
public sealed record MasterRow(int Pid, int Reloads, int FailedReloads, string Version);

/// <param name="Reloads">How many reloads the worker has survived.</param>
public sealed record WorkerRow(int Pid, int Reloads, string Version);

/// <summary>What the master's <c>show proc</c> prints.</summary>
public sealed record ProcessTable(MasterRow Master, IReadOnlyList<WorkerRow> Workers, IReadOnlyList<WorkerRow> OldWorkers)
{
    /// <summary>
    /// The worker that accepts new connections. After a failed reload 3.2 and 3.4 list it as an old one, although it goes on serving.
    /// </summary>
    public WorkerRow? Serving => Workers.MinBy(worker => worker.Reloads) ??
        (Master.FailedReloads > 0 ? OldWorkers.MinBy(worker => worker.Reloads) : null);

    /// <summary>Workers that finish their last connections.</summary>
    public IEnumerable<WorkerRow> Leaving => OldWorkers.Where(worker => worker.Pid != Serving?.Pid);
}
