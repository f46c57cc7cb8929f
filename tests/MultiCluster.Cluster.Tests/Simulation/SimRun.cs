using System.Globalization;
using System.Text;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>One seed from start to rest.</summary>
internal static class SimRun
{
    private const double TroublesUntil = 40;
    private const double RestAt = 85;
    private const double End = 100;

    /// <exception cref="SimulationException">What was violated, the seed, and the end of its trace.</exception>
    public static SimResult Random(int seed, Faults? faults = null)
    {
        try
        {
            return Play(seed, faults, tracing: false);
        }
        catch (InvariantException)
        {
            // Again, and this time taking notes: the same seed does the same.
            return Trace(seed, faults);
        }
    }

    public static SimResult Trace(int seed, Faults? faults = null) => Play(seed, faults, tracing: true);

    private static SimResult Play(int seed, Faults? faults, bool tracing)
    {
        var sizes = new Random(seed);
        var settings = new SimSettings { Nodes = sizes.Next(2, 6), Keys = sizes.Next(4, 16), Members = sizes.Next(1, 4), BatchSize = sizes.Next(1, 5) };
        var cluster = new SimCluster(seed, faults, tracing, settings);
        try
        {
            for (var n = 1; n <= settings.Nodes; n++)
            {
                var name = SimCluster.NodeName(n);
                cluster.World.After(cluster.World.Between(0, cluster.World.Chance(0.5) ? 1 : 15), () => cluster.Start(name));
            }
            cluster.Checker.ExpectsNoNeedlessDeath = true;
            cluster.Checker.Watch();
            new SimChaos(cluster).Plan(8, TroublesUntil);
            cluster.World.RunUntil(TimeSpan.FromSeconds(TroublesUntil + 5));
            cluster.Heal();
            cluster.World.RunUntil(TimeSpan.FromSeconds(RestAt));
            cluster.Checker.ExpectNoMoves();
            cluster.World.RunUntil(TimeSpan.FromSeconds(End));
            cluster.Checker.CheckAtRest();
            return new SimResult(cluster.World.Events, cluster.Mail.Sent, cluster.Mail.Arrived, cluster.Mail.Excused, cluster.World.Trace);
        }
        catch (Exception e) when (tracing || e is not InvariantException)
        {
            throw new SimulationException(seed, e, cluster.World.Trace);
        }
        finally
        {
            if (cluster.World.Violation is null)
                cluster.Dispose();
        }
    }
}

internal sealed record SimResult(long Events, int Letters, int Arrived, int Excused, IReadOnlyList<string> Trace);

internal sealed class SimulationException(int seed, Exception cause, IReadOnlyList<string> trace)
    : Exception(Describe(seed, cause, trace), cause)
{
    public int Seed => seed;

    private static string Describe(int seed, Exception cause, IReadOnlyList<string> trace)
    {
        var text = new StringBuilder();
        text.Append("Seed ").Append(seed).Append(": ").AppendLine(cause is InvariantException ? cause.Message : cause.ToString());
        var lines = int.TryParse(Environment.GetEnvironmentVariable("CLUSTER_TRACE_LINES"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 80;
        foreach (var line in trace.TakeLast(lines))
            text.AppendLine(line);
        return text.ToString();
    }
}
