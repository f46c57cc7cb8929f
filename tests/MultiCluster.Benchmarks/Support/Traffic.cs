using System.Diagnostics;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Keep-alive clients on threads of their own, each asking routes in turn at a pace that may change.</summary>
internal sealed class Traffic : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly ManualResetEventSlim _stop = new();
    private long _done;
    private long _failed;
    private double _perSecond;

    private Traffic()
    {
    }

    public long Done => Interlocked.Read(ref _done);

    /// <summary>Anything but a 200.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Of all clients together.</summary>
    public double PerSecond
    {
        get => Volatile.Read(ref _perSecond);
        set => Volatile.Write(ref _perSecond, value);
    }

    public static Traffic Start(int port, int clients, double perSecond, params byte[][] requests)
    {
        var traffic = new Traffic { PerSecond = perSecond };
        for (var i = 0; i < clients; i++)
        {
            var first = i;
            var thread = new Thread(() => traffic.Run(port, first, clients, requests)) { IsBackground = true };
            traffic._threads.Add(thread);
            thread.Start();
        }

        return traffic;
    }

    public void Dispose()
    {
        _stop.Set();
        _threads.ForEach(static thread => thread.Join());
        _stop.Dispose();
    }

    private void Run(int port, int first, int clients, byte[][] requests)
    {
        using var probe = new HttpProbe(port);
        var next = Stopwatch.GetTimestamp();
        for (var i = first; !_stop.IsSet; i += clients)
        {
            if (probe.Ask(requests[i % requests.Length]) != 200)
                Interlocked.Increment(ref _failed);
            Interlocked.Increment(ref _done);
            next += (long)(Stopwatch.Frequency * clients / PerSecond);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.FromMilliseconds(1))
                _stop.Wait(wait);
            else if (wait < TimeSpan.FromSeconds(-1))
                next = Stopwatch.GetTimestamp();
        }
    }
}
