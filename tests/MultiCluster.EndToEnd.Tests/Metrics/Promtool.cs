using System.Diagnostics;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>Prometheus' own judge.</summary>
internal static class Promtool
{
    /// <returns>Its words; empty when it has nothing against it.</returns>
    public static async Task<string> CheckMetricsAsync(string text) => await RunAsync(text, "check", "metrics");

    public static async Task<string> RunAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        var words = (await output + await errors).Trim();
        return process.ExitCode == 0 && input is not null ? words : process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}: {words}";
    }
}
