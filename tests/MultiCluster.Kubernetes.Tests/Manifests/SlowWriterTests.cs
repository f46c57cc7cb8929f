using System.Diagnostics;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Manifests;

/// <summary>A file counts when its writer is done with it, however whole a part of it may look.</summary>
public sealed class SlowWriterTests
{
    private const string FirstHost = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
          rules:
          - host: one.test
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}

        """;

    private const string SecondHost = """
          - host: two.test
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}

        """;

    [Fact]
    public async Task A_valid_part_of_an_object_changes_nothing_until_the_file_is_closed()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FirstHost + SecondHost);
        await folder.StartAsync();
        using (var writer = folder.Begin("a.yaml", FirstHost))
        {
            await UntilNamedAsync(folder, "a.yaml");
            Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Upserted or MemberEvent.Deleted);
            writer.Write(SecondHost + SecondHost.Replace("two", "three", StringComparison.Ordinal));
        }

        var ingress = await folder.Sink.UpsertedAsync<IngressResource>("web");
        Assert.Equal(["one.test", "two.test", "three.test"], ingress.Rules.Select(static rule => rule.Host));
        Assert.Empty(await folder.ProblemsAsync(static p => p.Count == 0));
    }

    [Fact]
    public async Task Valid_documents_change_nothing_until_the_file_is_closed()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"));
        await folder.StartAsync();
        using (var writer = folder.Begin("a.yaml", FolderFixture.Service("a", 90)))
        {
            await UntilNamedAsync(folder, "a.yaml");
            Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Upserted or MemberEvent.Deleted);
            writer.Write("---\n" + FolderFixture.Service("b", 91));
        }

        await folder.Sink.UpsertedAsync<ServiceResource>("b", static s => FolderFixture.PortOf(s) == 91);
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
    }

    [Fact]
    public async Task A_new_file_counts_when_it_is_closed()
    {
        await using var folder = new FolderFixture();
        await folder.StartAsync();
        using (var writer = folder.Begin("a.yaml", FirstHost))
        {
            await UntilNamedAsync(folder, "a.yaml");
            writer.Write(SecondHost);
        }

        var ingress = await folder.Sink.UpsertedAsync<IngressResource>("web");
        Assert.Equal(2, ingress.Rules.Count);
    }

    [Fact]
    public async Task A_writer_that_is_killed_closes_its_file()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        using var shell = Process.Start("sh", ["-c", "exec 3>\"$0\"; printf 'half of it' >&3; exec sleep 600", folder.PathOf("a.yaml")]);
        await UntilNamedAsync(folder, "a.yaml");
        shell.Kill();
        var problem = Assert.Single(await folder.ProblemsAsync(static p => p.Any(static problem => problem.Message.Contains("mapping", StringComparison.Ordinal))));
        Assert.Equal("a.yaml", problem.File);
    }

    [Fact]
    public async Task The_first_lists_wait_for_a_file_that_is_being_written()
    {
        await using var folder = new FolderFixture();
        folder.Write("b.yaml", FolderFixture.Service("b"));
        using (var writer = folder.Begin("a.yaml", FirstHost))
        {
            folder.Launch();
            writer.Write(SecondHost);
            await writer.KeepWritingAsync("# still at it\n", UntilNamedAsync(folder, "a.yaml"));
            Assert.Empty(folder.Sink.Events);
        }

        await folder.Sink.ConnectedAsync(ResourceKind.Ingress);
        Assert.Equal(2, ((IngressResource)folder.Sink.Known(ResourceKind.Ingress).Values.Single()).Rules.Count);
    }

    [Fact]
    public async Task A_writer_that_never_ends_does_not_keep_the_first_lists_out()
    {
        await using var folder = new FolderFixture();
        folder.Write("b.yaml", FolderFixture.Service("b"));
        using var writer = folder.Begin("a.yaml", FolderFixture.Service("a"));
        folder.Launch();
        await writer.KeepWritingAsync("# still at it\n", UntilNamedAsync(folder, "a.yaml"));
        await folder.Sink.ConnectedAsync(ResourceKind.Service);
        Assert.Equal(["a", "b"], folder.Services());
    }

    [Fact]
    public async Task Files_below_links_and_in_new_folders_are_told_to_be_closed()
    {
        await using var folder = new FolderFixture();
        Directory.CreateDirectory(folder.Folder + "-elsewhere");
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.Folder + "-elsewhere");
        await folder.StartAsync();
        Directory.CreateDirectory(folder.PathOf("new"));
        foreach (var file in new[] { "link/a.yaml", "new/b.yaml" })
        {
            using (var writer = folder.Begin(file, FirstHost))
            {
                await UntilNamedAsync(folder, file);
                writer.Write(SecondHost);
            }

            Assert.Equal(2, (await folder.Sink.UpsertedAsync<IngressResource>("web")).Rules.Count);
            File.Delete(folder.PathOf(file));
            await folder.Sink.DeletedAsync(ResourceKind.Ingress, "web");
        }
    }

    [Fact]
    public async Task What_is_no_regular_file_is_a_problem_and_keeps_nobody_out()
    {
        await using var folder = new FolderFixture();
        using (var mkfifo = Process.Start("mkfifo", [folder.PathOf("pipe.yaml")]))
            await mkfifo.WaitForExitAsync();
        File.CreateSymbolicLink(folder.PathOf("device.yaml"), "/dev/zero");
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        Assert.Equal(["a"], folder.Services());
        Assert.Equal(
            ["device.yaml:1: the file can't be read: it is a pipe, socket or device and no regular file", "pipe.yaml:1: the file can't be read: it is a pipe, socket or device and no regular file"],
            folder.Member.Problems.Select(static p => p.ToString()));
    }

    private static async Task UntilNamedAsync(FolderFixture folder, string file) => await folder.ProblemsAsync(
        problems => problems.Any(p => p.File == file && p.Message == "its writer has not closed it yet; what it held before counts until then"));
}
