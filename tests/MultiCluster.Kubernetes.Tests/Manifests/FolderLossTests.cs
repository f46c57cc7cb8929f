using System.Diagnostics;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Manifests;

/// <summary>Folders that vanish, come back, or are swapped under us.</summary>
public sealed class FolderLossTests
{
    [Fact]
    public async Task A_vanished_folder_is_a_lost_connection_and_deletes_nothing()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        Directory.Move(folder.Folder, folder.Folder + "-away");
        var lost = await folder.Sink.DisconnectedAsync(ResourceKind.Service);
        Assert.Equal($"folder {folder.Folder} does not exist", lost.Reason);
        Assert.Equal(["a"], folder.Services());
        Directory.Move(folder.Folder + "-away", folder.Folder);
        Assert.Single((await folder.Sink.ListedAsync(ResourceKind.Service)).Items);
        await folder.Sink.ConnectedAsync(ResourceKind.Service);
        folder.Write("b.yaml", FolderFixture.Service("b"));
        await folder.Sink.UpsertedAsync<ServiceResource>("b");
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_yet_is_awaited()
    {
        await using var folder = new FolderFixture();
        Directory.Delete(folder.Folder);
        folder.Launch();
        await folder.Sink.DisconnectedAsync(ResourceKind.Service);
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Listed);
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.Sink.ConnectedAsync(ResourceKind.Service);
        if (!folder.Services().Any())
            await folder.Sink.UpsertedAsync<ServiceResource>("a");
    }

    [Fact]
    public async Task A_reader_that_starts_anew_lists_all_anew()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        await using var again = new RunningSource(folder.Member);
        Assert.Single((await again.Sink.ListedAsync(ResourceKind.Service)).Items);
        await again.Sink.ConnectedAsync(ResourceKind.Service);
    }

    [Fact]
    public async Task Files_that_vanish_together_are_reported_as_a_list_for_the_consumer_to_judge()
    {
        await using var folder = new FolderFixture();
        for (var i = 0; i < 5; i++)
            folder.Write($"set/s{i}.yaml", FolderFixture.Service($"s{i}"));
        await folder.StartAsync();
        Directory.Move(folder.PathOf("set"), folder.Folder + "-away");
        // Of one move the first look may still find some files; what matters is that nothing comes as single deletions.
        while (!(await folder.Sink.ListedAsync(ResourceKind.Service)).Items.IsEmpty)
            Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
    }

    [Fact]
    public async Task A_config_map_mount_is_swapped()
    {
        await using var folder = new FolderFixture();
        WriteVersion(folder, "..v1", 81);
        File.CreateSymbolicLink(folder.PathOf("..data"), "..v1");
        File.CreateSymbolicLink(folder.PathOf("a.yaml"), "..data/a.yaml");
        await folder.StartAsync();
        Assert.Equal(81, FolderFixture.PortOf((ServiceResource)folder.Sink.Known(ResourceKind.Service).Values.Single()));
        for (var version = 2; version < 5; version++)
        {
            WriteVersion(folder, $"..v{version}", 80 + version);
            File.CreateSymbolicLink(folder.PathOf("..data_tmp"), $"..v{version}");
            await RenameAsync(folder.PathOf("..data_tmp"), folder.PathOf("..data"));
            await folder.Sink.UpsertedAsync<ServiceResource>("a", s => FolderFixture.PortOf(s) == 80 + version);
        }

        Assert.Empty(folder.Member.Problems);
    }

    [Fact]
    public async Task A_git_sync_checkout_is_swapped_and_then_edited()
    {
        await using var folder = new FolderFixture();
        Directory.Move(folder.Folder, folder.Folder + "-v1");
        Directory.CreateDirectory(folder.Folder + "-v2");
        await File.WriteAllTextAsync(Path.Combine(folder.Folder + "-v1", "a.yaml"), FolderFixture.Service("a", 81));
        await File.WriteAllTextAsync(Path.Combine(folder.Folder + "-v2", "a.yaml"), FolderFixture.Service("a", 82));
        Directory.CreateSymbolicLink(folder.Folder, folder.Folder + "-v1");
        await folder.StartAsync();
        Directory.CreateSymbolicLink(folder.Folder + "-tmp", folder.Folder + "-v2");
        await RenameAsync(folder.Folder + "-tmp", folder.Folder);
        await folder.Sink.UpsertedAsync<ServiceResource>("a", static s => FolderFixture.PortOf(s) == 82);
        folder.Write("a.yaml", FolderFixture.Service("a", 83));
        await folder.Sink.UpsertedAsync<ServiceResource>("a", static s => FolderFixture.PortOf(s) == 83);
    }

    [Fact]
    public async Task Links_in_a_circle_end()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        Directory.CreateSymbolicLink(folder.PathOf("loop"), folder.Folder);
        File.CreateSymbolicLink(folder.PathOf("dangling.yaml"), "nowhere.yaml");
        await folder.StartAsync();
        Assert.Equal(["a"], folder.Services());
        Assert.Empty(folder.Member.Problems);
    }

    private static void WriteVersion(FolderFixture folder, string version, int port) => folder.Write($"{version}/a.yaml", FolderFixture.Service("a", port));

    /// <summary>rename(2): File.Move refuses links to directories.</summary>
    private static async Task RenameAsync(string from, string to)
    {
        using var process = Process.Start("mv", ["-T", from, to]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
