using System.ComponentModel;
using System.Diagnostics;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>A short-lived command, run to its end.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    public static async Task<Outcome<CommandRun>> ExecuteAsync(
        string file, IEnumerable<string> arguments, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return new Failure($"{file} can't be run: {failure.Message}");
        }

        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return new CommandRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            return new Failure($"{file} {string.Join(' ', start.ArgumentList)} did not finish within {limit.TotalSeconds} s and was killed.");
        }
    }
}
