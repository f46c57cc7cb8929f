using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiCluster.Benchmarks.Support;

/// <summary>What is loaded, and what came of it.</summary>
/// <param name="Worker">Process id of the HAProxy that serves it.</param>
/// <param name="Hosts">The requests go to so many hosts in turn.</param>
/// <param name="First">Number of the first of them.</param>
internal sealed record LoadTarget(string Name, int Port, int Worker, int Hosts, int First = 0)
{
    public string Path { get; init; } = "/";

    /// <summary>Lines that each request has besides its host, such as "Cookie: a=b".</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    public List<double> Rates { get; } = [];

    public List<double> Cpus { get; } = [];

    public long Failed { get; set; }

    /// <summary>Of the last round.</summary>
    public long Requests { get; set; }

    /// <summary>Median of the rounds, requests a second.</summary>
    public double Rate => Median(Rates);

    /// <summary>Median of the rounds, microseconds of the worker's CPU a request.</summary>
    public double Cpu => Median(Cpus);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>Drives wrk with a fixed number of keep-alive connections.</summary>
internal sealed partial class Wrk : IDisposable
{
    private const int Connections = 32;

    private readonly string _script;
    private readonly int _seconds;
    private readonly bool _separate = Environment.ProcessorCount >= 2;

    public Wrk(string folder, int seconds)
    {
        _seconds = seconds;
        _script = Path.Combine(folder, "hosts.lua");
        File.WriteAllText(_script, """
            local requests, i = {}, 0
            function init(args)
                local more = ""
                for n = 4, #args do more = more .. args[n] .. "\r\n" end
                for n = 0, tonumber(args[1]) - 1 do
                    requests[n] = "GET " .. args[3] .. " HTTP/1.1\r\nHost: app-" .. (n + tonumber(args[2])) .. ".bench.example\r\n" .. more .. "\r\n"
                end
                i = 0
            end
            function request()
                i = (i + 7919) % (#requests + 1)
                return requests[i]
            end

            """);
    }

    /// <summary>Each worker under test alone on a core, client and pods on another: what is compared is the worker.</summary>
    public async Task SeparateAsync(IEnumerable<LoadTarget> targets, int pods, CancellationToken cancellationToken)
    {
        if (!_separate)
            return;
        foreach (var target in targets)
            await RunAsync("taskset", ["-a", "-cp", "0", Text(target.Worker)], cancellationToken);
        await RunAsync("taskset", ["-a", "-cp", "1", Text(pods)], cancellationToken);
    }

    public async Task LoadAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        string[] load = ["wrk", "-t1", $"-c{Connections}", $"-d{_seconds}s", "-s", _script, $"http://127.0.0.1:{target.Port}/", "--", Text(target.Hosts), Text(target.First), target.Path, .. target.Headers];
        using var worker = Process.GetProcessById(target.Worker);
        var before = worker.TotalProcessorTime;
        var output = _separate
            ? await RunAsync("taskset", ["-c", "1", .. load], cancellationToken)
            : await RunAsync(load[0], load[1..], cancellationToken);
        worker.Refresh();
        var cpu = worker.TotalProcessorTime - before;
        var requests = long.Parse(Requests().Match(output).Groups["n"].Value, CultureInfo.InvariantCulture);
        target.Requests = requests;
        target.Rates.Add(double.Parse(Rate().Match(output).Groups["n"].Value, CultureInfo.InvariantCulture));
        target.Cpus.Add(cpu.TotalMicroseconds / requests);
        foreach (Match failed in Failures().Matches(output))
            target.Failed += long.Parse(failed.ValueSpan, CultureInfo.InvariantCulture);
    }

    public void Dispose() => File.Delete(_script);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new BenchException($"{file} failed: {await errors}{output}");
    }

    [GeneratedRegex("Requests/sec: +(?<n>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex("(?<n>[0-9]+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    /// <summary>"Socket errors: connect 0, read 0, write 0, timeout 0" and "Non-2xx or 3xx responses: 0".</summary>
    [GeneratedRegex("(?<=(connect|read|write|timeout|responses:) )[0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failures();
}
