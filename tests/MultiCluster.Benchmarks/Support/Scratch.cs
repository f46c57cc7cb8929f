namespace MultiCluster.Benchmarks.Support;

/// <summary>A short path, since it holds unix sockets; removed with what is in it, unless MULTICLUSTER_BENCH_KEEP is set.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mcb-").FullName;

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_BENCH_KEEP") is null)
            Directory.Delete(Path, recursive: true);
        else
            Console.Error.WriteLine($"kept {Path}");
    }
}
