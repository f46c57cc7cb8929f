using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Manifests;

/// <summary>A folder on disk and a member that reads it.</summary>
internal sealed class FolderFixture : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("manifests-").FullName;
    private RunningSource? _running;

    public FolderFixture() => Directory.CreateDirectory(Folder);

    public string Folder => Path.Combine(_root, "folder");

    public ManifestFolderMember Member => (ManifestFolderMember)_running!.Source;

    public RecordingSink Sink => _running!.Sink;

    /// <summary>Starts the member and waits until it has listed every kind.</summary>
    public async Task<FolderFixture> StartAsync()
    {
        Launch();
        foreach (var kind in ManifestSet.Kinds)
            await Sink.ConnectedAsync(kind);
        return this;
    }

    public void Launch()
    {
        var member = new ManifestFolderMember(new MemberName("aws"), Folder, TimeProvider.System, NullLogger<ManifestFolderMember>.Instance);
        _running = new RunningSource(member);
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>In place, all at once. Before the start: a file of yesterday, as in a checkout.</summary>
    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
        if (_running is null)
            File.SetLastWriteTimeUtc(PathOf(file), TimeProvider.System.GetUtcNow().AddDays(-1).UtcDateTime);
    }

    /// <summary>Writes in place and leaves the file open.</summary>
    public SlowWriter Begin(string file, string text) => new(PathOf(file), text);

    /// <summary>As careful writers do.</summary>
    public void WriteByRename(string file, string text)
    {
        File.WriteAllText(PathOf(file) + ".tmp", text);
        File.Move(PathOf(file) + ".tmp", PathOf(file), overwrite: true);
    }

    /// <summary>Waits until the problems fit.</summary>
    public async Task<IReadOnlyList<FolderProblem>> ProblemsAsync(Func<IReadOnlyList<FolderProblem>, bool> fits)
    {
        var changed = new SemaphoreSlim(0);
        void Release(object? sender, EventArgs e) => changed.Release();
        Member.ProblemsChanged += Release;
        try
        {
            while (!fits(Member.Problems))
                Assert.True(await changed.WaitAsync(RecordingSink.Deadline), $"problems are: {string.Join("; ", Member.Problems)}");
            return Member.Problems;
        }
        finally
        {
            Member.ProblemsChanged -= Release;
        }
    }

    public IEnumerable<string> Services() => Sink.Known(ResourceKind.Service).Keys.Select(static key => key.Name).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    public static string Service(string name, int port = 80) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
        spec:
          ports:
          - name: http
            port: {{port}}

        """);

    public static int PortOf(ServiceResource service) => service.Ports[0].Number;
}

/// <summary>A program that writes a file in place, with pauses.</summary>
internal sealed class SlowWriter : IDisposable
{
    private readonly FileStream _file;

    public SlowWriter(string path, string text)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Write(text);
    }

    public void Write(string text)
    {
        _file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        _file.Flush();
    }

    /// <summary>Writes a little every now and then until something else is done.</summary>
    public async Task KeepWritingAsync(string text, Task until)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!until.IsCompleted && await pace.WaitForNextTickAsync())
            Write(text);
        await until;
    }

    public void Dispose() => _file.Dispose();
}
