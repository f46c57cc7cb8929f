namespace MultiCluster.Benchmarks.Support;

/// <summary>A HAProxy with a configuration that was written by hand.</summary>
internal sealed record Reference(ChildProcess Process, int Port) : IDisposable
{
    public void Dispose() => Process.Dispose();
}
