using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>Debian's Prometheus, that scrapes one process each half second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-prometheus-").FullName;
    private readonly int _port = Loopback.FreePort(IPAddress.Loopback);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Process _process;

    public PrometheusServer(IPEndPoint target)
    {
        var configuration = Path.Combine(_folder, "prometheus.yaml");
        File.WriteAllText(configuration, $$"""
            global: {scrape_interval: 500ms, scrape_timeout: 500ms}
            scrape_configs:
            - {job_name: multicluster, static_configs: [{targets: ["{{target}}"]}]}
            """);
        var start = new ProcessStartInfo("prometheus", [$"--config.file={configuration}", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{_port}", "--log.level=error"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Until every query has data.</summary>
    public Task UntilDataAsync(IEnumerable<string> queries) => Await.NothingMissingAsync(async () =>
    {
        var missing = new List<string>();
        foreach (var query in queries)
        {
            if (!await HasDataAsync(query))
                missing.Add(query);
        }

        return missing.Count == 0 ? null : $"data for {string.Join("; ", missing)}";
    });

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> HasDataAsync(string query)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/query?query={Uri.EscapeDataString(query)}"));
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return false;
            var body = await answer.Content.ReadAsStringAsync();
            using var json = JsonDocument.Parse(body);
            Assert.True(answer.IsSuccessStatusCode, $"{query}: {body}");
            return json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength() > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
