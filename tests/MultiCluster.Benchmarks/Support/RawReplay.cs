using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks.Support;

/// <summary>The reference: a transcript's commands written to a fresh HAProxy as fast as it takes them, replies only counted.</summary>
internal static class RawReplay
{
    private const string ConfigName = "haproxy.cfg";

    /// <summary>Of which the fastest counts: the machine is shared.</summary>
    public const int Rounds = 3;

    /// <summary>Keeps what the product's HAProxy could be started from now.</summary>
    public static void CopyStartFile(string stateDirectory, string replica)
    {
        var current = Path.Combine(stateDirectory, "current");
        foreach (var file in Directory.EnumerateFiles(current, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(replica, "current", Path.GetRelativePath(current, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <returns>Seconds from the first byte written to the last reply read, in the fastest of some rounds: the machine at its best.</returns>
    public static async Task<double> RunAsync(
        HAProxyBinary binary, string stateDirectory, string replica, SliceTranscript transcript, CancellationToken cancellationToken)
    {
        var config = Path.Combine(replica, "current", ConfigName);
        var text = await File.ReadAllTextAsync(config, cancellationToken);
        await File.WriteAllTextAsync(config, text.Replace(stateDirectory, replica, StringComparison.Ordinal), cancellationToken);
        var commands = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(transcript.Commands.Span).Replace(stateDirectory, replica, StringComparison.Ordinal));
        var fastest = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
            fastest = Math.Min(fastest, await ReplayAsync(binary, replica, config, commands, transcript.CommandCount, cancellationToken));
        return fastest;
    }

    private static async Task<double> ReplayAsync(
        HAProxyBinary binary, string replica, string config, byte[] commands, int count, CancellationToken cancellationToken)
    {
        var socket = Path.Combine(replica, "worker.sock");
        File.Delete(socket);
        using var process = ChildProcess.Start(binary.Path, ["-db", "-f", config], Path.Combine(replica, "haproxy.log"));
        await process.WhenAsync(() => Task.FromResult(File.Exists(socket)), "its socket", cancellationToken);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
        await client.SendAsync("prompt\n"u8.ToArray(), cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var sending = SendAsync(client, commands, cancellationToken);
        await CountAsync(client, count + 1, cancellationToken);
        await sending;
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task SendAsync(Socket client, byte[] bytes, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await client.SendAsync(bytes.AsMemory(sent, Math.Min(64 * 1024, bytes.Length - sent)), cancellationToken);
    }

    private static async Task CountAsync(Socket client, int replies, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var kept = 0;
        while (replies > 0)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(kept), cancellationToken);
            if (count == 0)
                throw new BenchException($"HAProxy closed the raw connection with {replies} replies to come");
            var text = buffer.AsSpan(0, kept + count);
            replies -= text.Count("\n> "u8);

            // A prompt may be cut in two by the end of the buffer.
            kept = text.EndsWith("\n"u8) ? 1 : text.EndsWith("\n>"u8) ? 2 : 0;
            text[^kept..].CopyTo(buffer);
        }
    }
}
