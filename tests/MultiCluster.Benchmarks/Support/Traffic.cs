using System.Diagnostics;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Keep-alive clients on threads of their own, each asking routes in turn at a pace that may change.</summary>
internal sealed class Traffic : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, long> _statuses = [];
    private long _done;
    private long _failed;
    private double _perSecond;

    private Traffic()
    {
    }

    public long Done => Interlocked.Read(ref _done);

    /// <summary>Anything but a 200.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>How often each status came that was not 200; 0 is a connection that broke.</summary>
    public string Failures
    {
        get
        {
            using (_gate.EnterScope())
                return _statuses.Count == 0 ? "" : $" ({string.Join(", ", _statuses.Select(static one => $"{one.Value} with {one.Key}"))})";
        }
    }

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

    private void Fail(int status)
    {
        Interlocked.Increment(ref _failed);
        using (_gate.EnterScope())
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
    }

    private void Run(int port, int first, int clients, byte[][] requests)
    {
        using var probe = new HttpProbe(port);
        var next = Stopwatch.GetTimestamp();
        for (var i = first; !_stop.IsSet; i += clients)
        {
            var status = probe.Ask(requests[i % requests.Length]);
            if (status != 200)
                Fail(status);
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
