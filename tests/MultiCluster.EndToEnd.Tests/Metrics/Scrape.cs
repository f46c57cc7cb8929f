using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>One answer of <c>/metrics</c>.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    private Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                    Assert.True(Families.Add(line.Split(' ')[2]), $"twice: {line}");
                continue;
            }

            var match = Sample().Match(line);
            Assert.True(match.Success, $"no sample: {line}");
            Assert.True(_samples.TryAdd(match.Groups[1].Value, double.Parse(match.Groups[2].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)), $"twice: {line}");
        }
    }

    public string Text { get; }

    public HashSet<string> Families { get; } = new(StringComparer.Ordinal);

    public static async Task<Scrape> OfAsync(IPEndPoint address)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await client.GetAsync(new Uri($"http://{address}/metrics"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.NonValidated["Content-Type"].ToString());
        return new Scrape(await answer.Content.ReadAsStringAsync());
    }

    /// <returns>Null where there is none.</returns>
    public double? this[string series] => _samples.TryGetValue(series, out var value) ? value : null;

    /// <summary>Of all series of a family that have these labels.</summary>
    public double Sum(string family, params string[] labels) => _samples
        .Where(sample => sample.Key.StartsWith($"{family}{{", StringComparison.Ordinal) && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(static sample => sample.Value);

    [GeneratedRegex("""^([a-z_][a-z0-9_]*(?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
