using System.Globalization;
using System.Text;

namespace MultiCluster.Cli.Top;

/// <summary>One line of <c>/metrics</c>.</summary>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string Label(string name) => Labels.GetValueOrDefault(name, "");
}

/// <summary>Reads Prometheus' text format 0.0.4, as far as families of some names go.</summary>
internal static class MetricsText
{
    /// <param name="wanted">By the name of the sample; others are passed over unread.</param>
    /// <returns>Null for what is no such text.</returns>
    public static List<MetricSample>? Read(ReadOnlyMemory<byte> text, Predicate<string> wanted)
    {
        var samples = new List<MetricSample>();
        foreach (var line in Encoding.UTF8.GetString(text.Span).Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var end = line.AsSpan().IndexOfAny('{', ' ');
            if (end <= 0)
                return null;
            if (!wanted(line[..end]))
                continue;
            if (ReadOne(line, end) is not { } sample)
                return null;
            samples.Add(sample);
        }

        return samples;
    }

    private static MetricSample? ReadOne(string line, int end)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = end;
        if (line[at] == '{')
        {
            for (at++; at < line.Length && line[at] != '}';)
            {
                if (ReadLabel(line, ref at) is not var (name, value))
                    return null;
                labels[name] = value;
                if (at < line.Length && line[at] == ',')
                    at++;
            }

            at++;
        }

        return at < line.Length && double.TryParse(line.AsSpan(at).Trim().ToString().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new MetricSample(line[..end], labels, number)
            : null;
    }

    private static (string Name, string Value)? ReadLabel(string line, ref int at)
    {
        var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
        if (equals < 0)
            return null;
        var name = line[at..equals];
        var value = new StringBuilder();
        for (at = equals + 2; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '"':
                    at++;
                    return (name, value.ToString());
                case '\\' when at + 1 < line.Length:
                    value.Append(line[++at] == 'n' ? '\n' : line[at]);
                    break;
                default:
                    value.Append(line[at]);
                    break;
            }
        }

        return null;
    }
}
