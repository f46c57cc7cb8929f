using System.Diagnostics;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Latencies in the order in which they were measured.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    /// <param name="from">Of Stopwatch.</param>
    public void Add(long from, long to) => _milliseconds.Add((to - from) * 1000.0 / Stopwatch.Frequency);

    public double Percentile(double p) => Percentile(_milliseconds, p);

    public double FirstMedian(int count) => Percentile(_milliseconds.Take(count), 50);

    public double LastMedian(int count) => Percentile(_milliseconds.TakeLast(count), 50);

    public string Worst(int count) => string.Join(
        ' ', _milliseconds.Select(static (ms, i) => (ms, i)).OrderByDescending(static item => item.ms).Take(count).Select(static item => $"#{item.i}:{item.ms:F1}"));

    /// <summary>Nearest rank.</summary>
    private static double Percentile(IEnumerable<double> samples, double p)
    {
        var sorted = samples.Order().ToArray();
        return Math.Round(sorted[Math.Clamp((int)Math.Ceiling(p / 100 * sorted.Length) - 1, 0, sorted.Length - 1)], 2);
    }
}
