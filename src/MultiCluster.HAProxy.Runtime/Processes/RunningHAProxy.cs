namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>A HAProxy whose master and worker both answer.</summary>
/// <param name="MasterPid">As HAProxy knows itself.</param>
/// <param name="Master">Null when it runs in another PID namespace, such as its own container, and can't be signalled from here.</param>
/// <param name="WorkerPid">The worker that serves; both sockets agree on it.</param>
/// <param name="Reloads">The master's counter.</param>
/// <param name="Version">The running version, which may differ from the binary on disk.</param>
public sealed record RunningHAProxy(int MasterPid, ProcessIdentity? Master, int WorkerPid, int Reloads, HAProxyVersion Version);

/// <param name="Running">Null when nobody listens on the master socket: HAProxy has to be started.</param>
public sealed record Adoption(RunningHAProxy? Running);

public enum StopOutcome
{
    /// <summary>It was not running, or another process has its id now.</summary>
    AlreadyGone,

    /// <summary>It ended on request.</summary>
    Stopped,

    /// <summary>It did not end in time and was killed.</summary>
    Killed,
}
