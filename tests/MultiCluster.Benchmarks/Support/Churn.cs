using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Services of one cluster whose only pods are replaced in turn, at a pace that a clock sets and not the one who listens.</summary>
internal sealed class Churn : IDisposable
{
    public const int Services = 50;
    private const int First = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeCluster _cluster;
    private readonly Pods _pods;
    private readonly int _perSecond;
    private readonly int[] _now = new int[Services];
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;
    private TimeSpan _spent;
    private long _made;

    public Churn(FakeCluster cluster, Pods pods, int perSecond)
    {
        _cluster = cluster;
        _pods = pods;
        _perSecond = perSecond;
        for (var i = 0; i < Services; i++)
        {
            Objects.ApplyIngress(cluster, First + i);
            Objects.ApplyService(cluster, First + i);
            Replace(i);
        }
    }

    public static IEnumerable<byte[]> Requests => [.. Enumerable.Range(First, Services).Select(static i => HttpProbe.Request(Objects.Host(i)))];

    /// <summary>Changes a second that were really made since the last look.</summary>
    public double TakeRate()
    {
        var rate = _made / _spent.TotalSeconds;
        (_made, _spent) = (0, TimeSpan.Zero);
        return rate;
    }

    public void Begin()
    {
        _stop.Reset();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public void End()
    {
        _stop.Set();
        _thread?.Join();
        _thread = null;
    }

    /// <exception cref="BenchException">What is there now does not answer: a change was lost.</exception>
    public void AssertApplied(int port, CancellationToken cancellationToken)
    {
        using var probe = new HttpProbe(port);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Services; i++)
        {
            var request = HttpProbe.Request(Objects.Host(First + i));
            var wanted = Encoding.ASCII.GetBytes(_pods.Addresses[_now[i]]);
            while (probe.Ask(request) != 200 || !probe.Body.SequenceEqual(wanted))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(started) > Deadline)
                    throw new BenchException($"a change was lost: {Objects.Host(First + i)} should be answered by {_pods.Addresses[_now[i]]}");
            }
        }
    }

    public void Dispose()
    {
        End();
        _stop.Dispose();
    }

    private void Run()
    {
        var started = Stopwatch.GetTimestamp();
        for (long made = 0; !_stop.IsSet; _stop.Wait(Tick))
        {
            // What could not be made in time is made up for, so that the rate is that which was asked for.
            for (var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * _perSecond); made < due && !_stop.IsSet; made++, _made++)
                Replace((int)(made % Services));
        }

        _spent += Stopwatch.GetElapsedTime(started);
    }

    private void Replace(int i)
    {
        _now[i] = (_now[i] + 1) % _pods.Addresses.Count;
        var pod = string.Create(CultureInfo.InvariantCulture, $"churn-{i}-{_now[i]}");
        Objects.ApplySlice(_cluster, First + i, _pods.Port, (pod, _pods.Addresses[_now[i]]));
    }
}
