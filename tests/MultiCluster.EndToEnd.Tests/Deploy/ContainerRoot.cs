using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Deploy;

/// <summary>An image's root directory with the volumes of a container, run by deploy/container/run-root.sh.</summary>
internal sealed class ContainerRoot : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mc-image-");
    private readonly HttpClient _admin = new() { Timeout = TimeSpan.FromSeconds(5) };
    private Process? _process;
    private string _output = "";

    /// <summary>/etc/multicluster, read-only.</summary>
    public string Config => Volume("config");

    /// <summary>/var/lib/multicluster, writable.</summary>
    public string State => Volume("state");

    public string Output => _output;

    private string Root => Path.Combine(_folder.FullName, "root");

    private static string Script { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../deploy/container/run-root.sh"));

    /// <summary>From what has been built for these tests.</summary>
    public async Task BuildAsync() => Assert.Equal((0, ""), await RunAsync("build", Root, "--no-build"));

    public void Start(string configuration) => _process = Launch(["run", Root, Config, State, Volume("tmp"), "/usr/local/bin/multicluster-proxy", "run", "--config", $"/etc/multicluster/{configuration}"], line => _output += line + "\n");

    /// <summary>A command in a container of its own, with the same volumes.</summary>
    public Task<(int ExitCode, string Output)> ExecuteAsync(params string[] command) => RunAsync(["run", Root, Config, State, Volume("tmp"), .. command]);

    public Task WhenReadyAsync(IPEndPoint admin) => Await.NothingMissingAsync(async () =>
    {
        if (_process!.HasExited)
            Assert.Fail($"the container ended with {_process.ExitCode}: {_output}");
        try
        {
            using var answer = await _admin.GetAsync(new Uri($"http://{admin}{AdminPaths.Ready}"));
            return answer.StatusCode == HttpStatusCode.OK ? null : $"readiness: {await answer.Content.ReadAsStringAsync()}\n{_output}";
        }
        catch (Exception refused) when (refused is HttpRequestException or TaskCanceledException)
        {
            return $"an admin API: {refused.Message}\n{_output}";
        }
    });

    /// <summary>Process ids as this machine has them: the container's first process, and the agent that it has started.</summary>
    public async Task<(int First, int Agent)> ProcessesAsync()
    {
        var found = (First: 0, Agent: 0);
        await Await.TrueAsync(
            () =>
            {
                found.First = Children(_process!.Id).FirstOrDefault();
                found.Agent = found.First == 0 ? 0 : Children(found.First).FirstOrDefault(static child => Command(child) == "multicluster");
                return found.Agent != 0;
            },
            "an agent in the container");
        return found;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(int first)
    {
        await Signal("TERM", first);
        await Await.TrueAsync(() => _process!.HasExited, $"the container's end; it wrote: {_output}");
        return _process!.ExitCode;
    }

    public static async Task Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public static IReadOnlyDictionary<string, string> StatusOf(int process) => File.ReadLines($"/proc/{process}/status")
        .Select(static line => line.Split(':', 2)).ToDictionary(static pair => pair[0], static pair => pair[1].Trim(), StringComparer.Ordinal);

    /// <summary>All that the image has: names, kinds and contents.</summary>
    public SortedDictionary<string, string> Contents() => new(
        new DirectoryInfo(Root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToDictionary(static entry => entry.FullName, Content, StringComparer.Ordinal),
        StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        if (_process is { } running)
        {
            // With it, by the kernel, all that runs in the container.
            if (!running.HasExited)
                running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static string Content(FileSystemInfo entry) => entry switch
    {
        { LinkTarget: { } target } => $"-> {target}",
        FileInfo file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))),
        _ => "directory",
    };

    private static List<int> Children(int process)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{process}/task/{process}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Command(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var output = "";
        using var process = Launch(arguments, line => output += line + "\n");
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim());
    }

    private static Process Launch(IEnumerable<string> arguments, Action<string> said)
    {
        var process = Process.Start(new ProcessStartInfo(Script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var gate = new Lock();
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Take(object? sender, DataReceivedEventArgs line)
        {
            if (line.Data is not { } text)
                return;
            lock (gate)
                said(text);
        }
    }

    private string Volume(string name) => Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;

    private static string Here([CallerFilePath] string path = "") => path;
}
