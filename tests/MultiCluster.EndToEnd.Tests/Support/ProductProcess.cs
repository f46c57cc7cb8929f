using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>The real program in a process of its own, in whatever role its configuration says.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly IPEndPoint _listen;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _admin = new() { Timeout = TimeSpan.FromSeconds(5) };

    private ProductProcess(Process process, IPEndPoint admin)
    {
        _process = process;
        _listen = admin;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public IReadOnlyCollection<string> Lines => _output;

    public static ProductProcess Start(Setting setting) => Start(setting, setting.WriteConfiguration());

    /// <param name="environment">Beside this process' own.</param>
    public static ProductProcess Start(Setting setting, IReadOnlyDictionary<string, string> environment) =>
        Start(setting.WriteConfiguration(), setting.AdminListen, environment);

    public static ProductProcess Start(Setting setting, string configuration) => Start(configuration, setting.AdminListen);

    /// <param name="admin">As the configuration says.</param>
    /// <param name="environment">Beside this process' own.</param>
    public static ProductProcess Start(string configuration, IPEndPoint admin, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } dotnet && Path.GetFileName(dotnet) == "dotnet" ? dotnet : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "multicluster.dll"), "run", "--config", configuration },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ProductProcess(Process.Start(start)!, admin);
    }

    /// <summary>Ends when HAProxy serves the members' whole data; without HAProxy, when the members' data is known.</summary>
    public Task WhenReadyAsync() => Await.NothingMissingAsync(async () =>
    {
        if (_process.HasExited)
            Assert.Fail($"the program ended with {_process.ExitCode}: {Output}");
        try
        {
            using var answer = await _admin.GetAsync(Url(AdminPaths.Ready));
            return answer.StatusCode == HttpStatusCode.OK ? null : $"readiness: {await answer.Content.ReadAsStringAsync()}\n{Output}";
        }
        catch (Exception refused) when (refused is HttpRequestException or TaskCanceledException)
        {
            return $"an admin API: {refused.Message}\n{Output}";
        }
    });

    public async Task<ProxyView> ProxyAsync()
    {
        var json = await _admin.GetStringAsync(Url(AdminPaths.Proxies));
        return JsonSerializer.Deserialize(json, AdminJson.Default.IReadOnlyListProxyView)![0];
    }

    /// <summary>Of a controller.</summary>
    public async Task<ClusterStateView> ClusterAsync()
    {
        var json = await _admin.GetStringAsync(Url(ClusterPaths.Cluster));
        return JsonSerializer.Deserialize(json, AdminJson.Default.ClusterStateView)!;
    }

    public async Task<string> ReadinessAsync()
    {
        using var answer = await _admin.GetAsync(Url(AdminPaths.Ready));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>kill -9 of this one process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as an operator or Kubernetes does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await WhenExitedAsync();
    }

    /// <summary>It stands still without knowing, as in a virtual machine that is moved.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    public async Task<int> WhenExitedAsync()
    {
        await Await.TrueAsync(() => _process.HasExited, $"the program's end; it wrote: {Output}");
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _admin.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        Assert.False(_process.HasExited, $"no process to send {signal} to; it wrote: {Output}");
        // The shell's own kill: the framework has none but SIGKILL.
        using var kill = Process.Start("sh", ["-c", $"kill -s {signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private Uri Url(string path) => new($"http://{_listen}{path}");
}
