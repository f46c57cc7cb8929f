namespace MultiCluster.Benchmarks.Support;

/// <summary>This process collects no garbage while it measures another: its own pauses would be counted as the other's.</summary>
internal static class Quiet
{
    private const long Room = 200L << 20;

    public static void Start()
    {
        if (!GC.TryStartNoGCRegion(Room))
            Console.Error.WriteLine("no room for a run without collections of the benchmark's own: single figures may be too high");
    }
}
