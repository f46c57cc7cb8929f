using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Runtime.Statistics;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>The counters of one row as they were read last.</summary>
internal class CounterRow(int counters)
{
    private readonly long[] _last = new long[counters];
    private bool _isKnown;

    /// <summary>By how much each has grown; they begin at zero with a worker, and again when the row does.</summary>
    /// <param name="isNewWorker">Than that of the last reading.</param>
    /// <param name="isFresh">All that a row counts which has not been read before is its owner's.</param>
    public void Grow(ReadOnlySpan<long> values, Span<long> deltas, bool isNewWorker, bool isFresh)
    {
        var counts = _isKnown || isFresh;
        for (var i = 0; i < _last.Length; i++)
        {
            var value = values[i] == StatColumns.None ? _last[i] : values[i];
            var before = isNewWorker || value < _last[i] ? 0 : _last[i];
            deltas[i] = counts && values[i] != StatColumns.None ? value - before : 0;
            _last[i] = value;
        }

        _isKnown = true;
    }
}

internal sealed class ServerRow(EndpointSeries? endpoint) : CounterRow(StatColumns.OfServers)
{
    /// <summary>Null for a name that we have not given.</summary>
    public EndpointSeries? Endpoint { get; } = endpoint;

    public int Seen { get; set; }
}

/// <summary>One of HAProxy's backends, and whose it is now.</summary>
internal sealed class BackendRow(string name, bool isOwn) : CounterRow(StatColumns.Counters)
{
    public string Name { get; } = name;

    /// <summary>Of the program: nobody's.</summary>
    public bool IsOwn { get; } = isOwn;

    public BackendDirectory? Directory { get; set; }

    public PlaceKey? Key { get; set; }

    /// <summary>How many have had it.</summary>
    public int Turn { get; set; }

    /// <summary>Null while it is nobody's.</summary>
    public ServiceSeries? Service { get; set; }

    /// <summary>What is counted on this reading is partly another's.</summary>
    public bool IsMixed { get; set; }

    public bool IsFirst { get; set; } = true;

    public int Seen { get; set; }

    public bool HasServers { get; set; }

    public Dictionary<byte[], ServerRow> Servers { get; } = Utf8Names.Map<ServerRow>();
}
