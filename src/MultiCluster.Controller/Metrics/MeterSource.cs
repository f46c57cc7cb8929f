using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MultiCluster.Controller.Metrics;

/// <summary>
/// Tells what instruments of one scope have measured: a process may have several (in tests), each with its own. Sums of counters and
/// histograms are kept here from the first measurement on; gauges are asked when somebody scrapes.
/// </summary>
public sealed class MeterSource : IMetricSource, IDisposable
{
    /// <summary>Of one family; more are left out, and a limit this high is a fault of ours.</summary>
    private const int MostSeries = 20_000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<MetricInstrument, Values> _values = new();

    public MeterSource(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope) && MetricInstruments.ByName.TryGetValue(instrument.Name, out var known))
                listener.EnableMeasurementEvents(instrument, _values.GetOrAdd(known, static (known, instrument) => new Values(known, instrument), instrument));
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Values)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Values)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Values)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Those of instruments that there are.</summary>
    public IReadOnlyList<MetricFamily> Families => [.. _values.Keys.Select(static item => item.Family)];

    public async ValueTask WriteAsync(MetricWriter writer, CancellationToken cancellationToken)
    {
        foreach (var values in _values.Values)
            values.Begin();
        _listener.RecordObservableInstruments();
        foreach (var (instrument, values) in _values.OrderBy(static item => item.Key.Family.Name, StringComparer.Ordinal))
        {
            writer.Family(instrument.Family);
            values.Write(writer);
            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();

    private sealed class Values(MetricInstrument instrument, Instrument source)
    {
        private readonly bool _isObserved = source.IsObservable;
        private readonly Dictionary<string, Value> _series = new(StringComparer.Ordinal);

        public void Begin()
        {
            if (!_isObserved)
                return;
            lock (_series)
                _series.Clear();
        }

        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = "";
            foreach (var label in instrument.Family.Labels)
                key = $"{key}{TextOf(tags, label)}\0";
            lock (_series)
            {
                if (!_series.TryGetValue(key, out var series))
                {
                    if (_series.Count >= MostSeries)
                        return;
                    _series.Add(key, series = new Value(LabelsOf(tags), new long[instrument.Bounds.Length + 1]));
                }

                series.Sum = _isObserved ? value : series.Sum + value;
                if (!instrument.Bounds.IsEmpty)
                    series.Counts[BucketOf(value)]++;
            }
        }

        public void Write(MetricWriter writer)
        {
            lock (_series)
            {
                foreach (var series in _series.Values)
                {
                    if (instrument.Bounds.IsEmpty)
                        writer.Sample(series.Labels, series.Sum);
                    else
                        writer.Histogram(series.Labels, instrument.Bounds.AsSpan(), series.Counts, series.Sum);
                }
            }
        }

        private int BucketOf(double value)
        {
            var at = instrument.Bounds.AsSpan().BinarySearch(value);
            return at < 0 ? ~at : at;
        }

        private byte[] LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new (string, string)[instrument.Family.Labels.Length];
            for (var i = 0; i < labels.Length; i++)
                labels[i] = (instrument.Family.Labels[i], TextOf(tags, instrument.Family.Labels[i]));
            return LabelText.Of(labels);
        }

        /// <summary>Names of tags may have dots where labels have not.</summary>
        private static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, string label)
        {
            foreach (var (name, value) in tags)
            {
                if (string.Equals(name.Replace('.', '_'), label, StringComparison.Ordinal))
                    return value?.ToString() ?? "";
            }

            return "";
        }
    }

    private sealed class Value(byte[] labels, long[] counts)
    {
        public byte[] Labels => labels;

        public long[] Counts => counts;

        public double Sum { get; set; }
    }
}
