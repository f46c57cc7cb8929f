using System.Diagnostics;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>Runs <see cref="Helper"/> and kills it with SIGKILL.</summary>
internal sealed class HelperProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HelperProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public static async Task<HelperProcess> StartAsync(params string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var process = Process.Start(new ProcessStartInfo(dotnet, ["exec", typeof(Helper).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var helper = new HelperProcess(process);
        var said = await process.StandardOutput.ReadLineAsync().WaitAsync(Await.Deadline, TimeProvider.System);
        if (said == "ready")
            return helper;
        await helper.DisposeAsync();
        throw new InvalidOperationException($"The helper process said: {said}");
    }

    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync().WaitAsync(Await.Deadline, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
