namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>How to start HAProxy. All paths are absolute.</summary>
public sealed record HAProxyStart
{
    public required string Binary { get; init; }

    /// <summary>Read again at every reload, hence a stable name such as <c>DIR/current/haproxy.cfg</c>.</summary>
    public required string ConfigPath { get; init; }

    public required string MasterSocket { get; init; }

    /// <summary>The <c>stats socket</c> of the configuration.</summary>
    public required string WorkerSocket { get; init; }

    /// <summary>stdout and stderr are appended here. A file, since a pipe would break with us.</summary>
    public required string LogFile { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>Gets the master's process id as soon as there is one, so that a HAProxy whose starter dies can be found.</summary>
    public string? PidFile { get; init; }

    /// <summary>Until master and worker answer.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
}
