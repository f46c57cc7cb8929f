using System.ComponentModel;
using System.Diagnostics;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>A process started in a session of its own, with its output in a file: nothing ties it to us.</summary>
internal sealed class DetachedProcess : IDisposable
{
    // Words come as positional parameters, so the shell never reads them as code. exec keeps one process id throughout;
    // setsid(1) forks only for a process group leader, which our child is not.
    private const string Script = "log=$1; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1";

    private readonly Process _process;

    private DetachedProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public static Outcome<DetachedProcess> Launch(HAProxyStart start)
    {
        string[] arguments =
        [
            "-c", Script, "multicluster", start.LogFile,
            start.Binary, "-W", "-S", $"{start.MasterSocket},mode,600", "-f", start.ConfigPath,
        ];
        try
        {
            // Opened here first, because the shell could tell the reason of a failure only to our own stderr.
            File.Open(start.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
            var process = Process.Start(new ProcessStartInfo("/bin/sh", arguments)
            {
                UseShellExecute = false,
                WorkingDirectory = start.WorkingDirectory,
            });
            if (process is null)
                return new Failure("/bin/sh could not be started.");
            return new DetachedProcess(process);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return new Failure($"{start.Binary} can't be started with the log file {start.LogFile}: {failure.Message}");
        }
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Lets go of the handle; the process runs on.</summary>
    public void Dispose() => _process.Dispose();
}
