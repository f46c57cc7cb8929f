using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>Runs an exec plugin once: no shell, no terminal, bounded in time and output.</summary>
internal static class ExecRunner
{
    private const int MaxOutput = 1024 * 1024;

    private const int MaxErrors = 64 * 1024;

    /// <summary>Plugins ask a cloud over the network.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="source">The kubeconfig, for messages.</param>
    public static async Task<CredentialResult> RunAsync(ExecPlugin plugin, string source, TimeProvider time)
    {
        using var process = new Process { StartInfo = StartInfo(plugin) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            var hint = plugin.InstallHint is { Length: > 0 } text ? $"; {Shown.Text(text)}" : "";
            return Failed(plugin, source, $"can't be started: {e.Message}{hint}");
        }

        process.StandardInput.Close();
        using var timer = new CancellationTokenSource(Limit, time);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, MaxOutput, timer.Token);
            var errors = ReadAsync(process.StandardError.BaseStream, MaxErrors, timer.Token);
            var (stdout, stderr) = (await output, Encoding.UTF8.GetString(await errors ?? []));
            await process.WaitForExitAsync(timer.Token);
            if (process.ExitCode != 0)
                return Failed(plugin, source, $"ended with code {process.ExitCode}{Shown.After(stderr)}");
            if (stdout is null)
                return Failed(plugin, source, $"printed more than {MaxOutput} bytes");
            var read = ExecOutput.Read(stdout, plugin.ApiVersion);
            return read.Error is null ? read : Failed(plugin, source, $"{read.Error}{Shown.After(stderr)}");
        }
        catch (OperationCanceledException)
        {
            return Failed(plugin, source, $"was not done after {Limit.TotalSeconds:0} s");
        }
        finally
        {
            Kill(process);
        }
    }

    private static ProcessStartInfo StartInfo(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo(plugin.Command)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in plugin.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plugin.Variables)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = ExecInfo(plugin);
        return start;
    }

    private static string ExecInfo(ExecPlugin plugin)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("kind", "ExecCredential");
        json.WriteString("apiVersion", plugin.ApiVersion);
        json.WriteStartObject("spec");
        if (plugin.Cluster is { } cluster)
        {
            json.WritePropertyName("cluster");
            json.WriteRawValue(cluster);
        }

        json.WriteBoolean("interactive", false);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Null when there is more; what is too much is read and dropped, so that the program can end.</summary>
    private static async Task<byte[]?> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[8 * 1024];
        var isTooLong = false;
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            isTooLong = isTooLong || kept.Length + read > limit;
            if (!isTooLong)
                await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return isTooLong ? null : kept.ToArray();
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private static CredentialResult Failed(ExecPlugin plugin, string source, string what) =>
        new(null, $"{source}: credential plugin {plugin.Command} {what}");
}
