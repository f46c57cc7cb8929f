using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>The real program in a process of its own.</summary>
internal sealed class ControllerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Setting _setting;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _admin = new() { Timeout = TimeSpan.FromSeconds(5) };

    private ControllerProcess(Process process, Setting setting)
    {
        _process = process;
        _setting = setting;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public static ControllerProcess Start(Setting setting) => Start(setting, setting.WriteConfiguration());

    public static ControllerProcess Start(Setting setting, string configuration)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } dotnet && Path.GetFileName(dotnet) == "dotnet" ? dotnet : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "multicluster.dll"), "run", "--config", configuration },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ControllerProcess(Process.Start(start)!, setting);
    }

    /// <summary>Ends when HAProxy serves the members' whole data.</summary>
    public Task WhenReadyAsync() => Await.NothingMissingAsync(async () =>
    {
        if (_process.HasExited)
            Assert.Fail($"the controller ended with {_process.ExitCode}: {Output}");
        try
        {
            using var answer = await _admin.GetAsync(Url(AdminPaths.Ready));
            return answer.StatusCode == HttpStatusCode.OK ? null : $"readiness: {await answer.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException refused)
        {
            return $"an admin API: {refused.Message}\n{Output}";
        }
    });

    public async Task<ProxyView> ProxyAsync()
    {
        var json = await _admin.GetStringAsync(Url(AdminPaths.Proxies));
        return JsonSerializer.Deserialize(json, AdminJson.Default.IReadOnlyListProxyView)![0];
    }

    /// <summary>kill -9 of this one process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> WhenExitedAsync()
    {
        await Await.TrueAsync(() => _process.HasExited, $"the controller's end; it wrote: {Output}");
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

    private Uri Url(string path) => new($"http://{_setting.AdminListen}{path}");
}
