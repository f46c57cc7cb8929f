namespace MultiCluster.Controller.Metrics.Access;

/// <summary>What is counted of a name.</summary>
internal abstract class Counted
{
    private long _shown;
    private TimeSpan _changed;

    public long Total { get; protected set; }

    /// <summary>Nothing has been counted for so long.</summary>
    public bool IsOver(TimeSpan now, TimeSpan memory)
    {
        if (_shown != Total)
            (_shown, _changed) = (Total, now);
        return now - _changed >= memory;
    }

    /// <summary>The parts of NAMESPACE/NAME.</summary>
    protected static (string Namespace, string Name) Parts(string key) =>
        key.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (key[..slash], key[(slash + 1)..]) : ("", key);
}

/// <summary>How long requests of a Service took.</summary>
internal sealed class Latencies : Counted
{
    private static readonly long[] Milliseconds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

    /// <param name="service">NAMESPACE/NAME:PORT.</param>
    public Latencies(string service)
    {
        var (space, name) = Parts(service);
        var colon = name.LastIndexOf(':');
        Labels = LabelText.Of(("namespace", space), ("service", colon < 0 ? name : name[..colon]), ("port", colon < 0 ? "" : name[(colon + 1)..]));
    }

    /// <summary>In seconds.</summary>
    public static double[] Bounds { get; } = [.. Milliseconds.Select(static bound => bound / 1000.0)];

    public byte[] Labels { get; }

    public long[] Counts { get; } = new long[Milliseconds.Length + 1];

    public long Sum { get; private set; }

    /// <summary>A request of 25 ms is one of those that took 25 ms at most.</summary>
    public void Count(long milliseconds)
    {
        var place = Array.BinarySearch(Milliseconds, milliseconds);
        Counts[place < 0 ? ~place : place]++;
        Sum += milliseconds;
        Total++;
    }
}

/// <summary>What requests of an Ingress got.</summary>
internal sealed class Answers : Counted
{
    public static readonly string[] Codes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    /// <param name="ingress">NAMESPACE/NAME.</param>
    public Answers(string ingress)
    {
        var (space, name) = Parts(ingress);
        Labels = LabelText.Of(("namespace", space), ("ingress", name));
    }

    public byte[] Labels { get; }

    /// <summary>As <see cref="Codes"/>.</summary>
    public long[] Counts { get; } = new long[Codes.Length];

    public void Count(int status)
    {
        Counts[status is >= 100 and < 600 ? status / 100 : 0]++;
        Total++;
    }
}
