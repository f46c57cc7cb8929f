using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Buffers;
using System.Buffers.Text;

namespace MultiCluster.Controller.Metrics;

/// <summary>
/// Writes Prometheus' text format 0.0.4 straight into what is sent: hundreds of thousands of samples make no objects. Samples follow their
/// family; whoever writes many flushes whenever it is full.
/// </summary>
public sealed class MetricWriter(PipeWriter output)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int FlushBytes = 64 * 1024;
    private const int NumberBytes = 32;

    private MetricFamily? _family;
    private int _pending;

    public bool IsFull => _pending >= FlushBytes;

    public long Written { get; private set; }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _pending = 0;
        if ((await output.FlushAsync(cancellationToken)).IsCompleted)
            throw new OperationCanceledException("nobody reads it any more");
    }

    public void Family(MetricFamily family)
    {
        _family = family;
        var help = family.Help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"# HELP {family.Name} {help}\n# TYPE {family.Name} {WordOf(family.Kind)}\n")));
    }

    /// <param name="labels">As of <see cref="LabelText"/>.</param>
    public void Sample(ReadOnlySpan<byte> labels, long value)
    {
        var span = Begin(default, labels, default, out var length);
        Utf8Formatter.TryFormat(value, span[length..], out var digits);
        End(span, length + digits);
    }

    /// <param name="more">Further labels.</param>
    public void Sample(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> more, long value)
    {
        var span = Begin(default, labels, more, out var length);
        Utf8Formatter.TryFormat(value, span[length..], out var digits);
        End(span, length + digits);
    }

    public void Sample(ReadOnlySpan<byte> labels, double value) => Sample(default, labels, default, value);

    /// <param name="bounds">Upper ones, growing; what is above all of them is in the last of <paramref name="counts"/>.</param>
    /// <param name="counts">Of each bucket alone.</param>
    public void Histogram(ReadOnlySpan<byte> labels, ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum)
    {
        Span<byte> bound = stackalloc byte[NumberBytes + 8];
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            "le=\""u8.CopyTo(bound);
            var length = 4 + Format(i < bounds.Length ? bounds[i] : double.PositiveInfinity, bound[4..]);
            bound[length++] = (byte)'"';
            Sample("_bucket"u8, labels, bound[..length], total);
        }

        Sample("_sum"u8, labels, default, sum);
        Sample("_count"u8, labels, default, total);
    }

    private void Sample(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> more, double value)
    {
        var span = Begin(suffix, labels, more, out var length);
        End(span, length + Format(value, span[length..]));
    }

    private Span<byte> Begin(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> more, out int length)
    {
        var name = (_family ?? throw new InvalidOperationException("a sample without a family")).Utf8Name;
        var span = output.GetSpan(name.Length + suffix.Length + labels.Length + more.Length + NumberBytes + 8);
        name.CopyTo(span);
        suffix.CopyTo(span[name.Length..]);
        length = name.Length + suffix.Length;
        if (labels.Length + more.Length > 0)
        {
            span[length++] = (byte)'{';
            labels.CopyTo(span[length..]);
            length += labels.Length;
            if (labels.Length > 0 && more.Length > 0)
                span[length++] = (byte)',';
            more.CopyTo(span[length..]);
            length += more.Length;
            span[length++] = (byte)'}';
        }

        span[length++] = (byte)' ';
        return span;
    }

    private void End(Span<byte> span, int length)
    {
        span[length++] = (byte)'\n';
        Advance(length);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _pending += bytes.Length;
        Written += bytes.Length;
    }

    private void Advance(int length)
    {
        output.Advance(length);
        _pending += length;
        Written += length;
    }

    private static int Format(double value, Span<byte> span)
    {
        if (double.IsFinite(value))
            return value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture) ? written : throw new InvalidOperationException("no room for a number");
        var word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        word.CopyTo(span);
        return word.Length;
    }

    private static string WordOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
