namespace MultiCluster.Benchmarks.Support;

/// <summary>The product, in however many processes, with one HAProxy.</summary>
internal interface IServedProduct : IDisposable
{
    /// <summary>Where HAProxy listens for HTTP.</summary>
    int Port { get; }

    /// <summary>Of the process that drives HAProxy.</summary>
    AdminClient Admin { get; }

    /// <summary>Of every process of ours, controllers first.</summary>
    IReadOnlyList<AdminClient> Processes { get; }

    /// <summary>User and system time so far, of all processes of ours.</summary>
    TimeSpan Cpu();

    /// <summary>In MiB, of the largest process of ours.</summary>
    double Resident();
}
