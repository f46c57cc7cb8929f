using System.Runtime;

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

    /// <summary>Collects again; a run that took more room than there was is said.</summary>
    public static void End()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
        else
            Console.Error.WriteLine("the benchmark itself collected garbage while it measured: single figures may be too high");
    }
}
