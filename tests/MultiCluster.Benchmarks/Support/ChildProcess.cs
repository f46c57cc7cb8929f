using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MultiCluster.Benchmarks.Support;

/// <summary>A process that we started and stop again, by the handle that we hold.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);
    private static readonly ManualResetEventSlim Never = new();
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;

    /// <param name="log">Takes both of its outputs.</param>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, string log)
    {
        // The shell replaces itself, so the process id is the program's.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >>\"$CHILD_LOG\" 2>&1", file, .. arguments]);
        start.Environment["CHILD_LOG"] = log;
        return new ChildProcess(Process.Start(start)!, log);
    }

    /// <summary>Resident memory in MiB.</summary>
    public double Resident() => Memory("VmRSS:");

    /// <summary>The most memory that was ever resident, or since <see cref="ResetPeak"/>, in MiB.</summary>
    public double Peak() => Memory("VmHWM:");

    /// <summary>From now on the peak is that of what is to come (proc(5), clear_refs).</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{Id}/clear_refs", "5");

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public Task WhenListeningAsync(string address, int port, CancellationToken cancellationToken) =>
        WhenAsync(() => TryConnectAsync(address, port), $"to listen on {address}:{port}", cancellationToken);

    /// <exception cref="BenchException">It ended, or the deadline passed.</exception>
    public async Task WhenAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartDeadline)
                throw new BenchException($"{(_process.HasExited ? "ended before it came" : "took too long")} {what}; its log says: {Tail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    public static void Signal(int processId) => _ = Kill(processId, Terminate);

    /// <summary>Of a process that is not our child.</summary>
    public static void End(int processId)
    {
        Signal(processId);
        var started = Stopwatch.GetTimestamp();
        while (Kill(processId, 0) == 0 && Stopwatch.GetElapsedTime(started) < EndDeadline)
            Never.Wait(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal(_process.Id);
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
                _process.Kill();
        }

        _process.Dispose();
    }

    private double Memory(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return Math.Round(long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024.0, 1);
    }

    private string Tail() => string.Join('\n', File.ReadLines(_log).TakeLast(10));

    private static async Task<bool> TryConnectAsync(string address, int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
