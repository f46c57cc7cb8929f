using System.Diagnostics;
using MultiCluster.Kubernetes.Manifests;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using Xunit.Abstractions;

namespace MultiCluster.Kubernetes.Tests.Manifests;

public sealed class ManifestFolderMemberTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Folder_is_read_as_kubectl_apply_would()
    {
        await using var folder = new FolderFixture();
        folder.Write("two.yaml", FolderFixture.Service("a") + "---\n# empty\n---\n" + FolderFixture.Service("b") + "---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: x}\n");
        folder.Write("deep/er/list.yml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: c, namespace: shop}}\n- {apiVersion: v1, kind: ServiceList, items: [{apiVersion: v1, kind: Service, metadata: {name: d}}]}\n");
        folder.Write("one.json", Samples.Ingress);
        folder.Write("secret.yaml", "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: cert}\ndata: {tls.crt: Y2VydA==}\nstringData:\n  tls.key: |\n    key\n"
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: users}\nstringData:\n  auth: |\n    ann:hash\n"
            + "---\napiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\nmetadata: {name: release}\ndata: {release: eA==}\n");
        folder.Write(".hidden.yaml", FolderFixture.Service("hidden"));
        folder.Write(".git/x.yaml", FolderFixture.Service("hidden"));
        folder.Write("README.md", "kind: Service");
        await folder.StartAsync();
        Assert.Equal(["default/a", "default/b", "default/d", "shop/c"], folder.Sink.Known(ResourceKind.Service).Keys.Select(static k => k.ToString()).Order());
        Assert.Equal(["shop/web"], folder.Sink.Known(ResourceKind.Ingress).Keys.Select(static k => k.ToString()));
        var secrets = folder.Sink.Known(ResourceKind.Secret).Values.Cast<DataSecretResource>().OrderBy(static secret => secret.Key).ToList();
        Assert.Equal(["cert", "users"], secrets.Select(static secret => secret.Key.Name));
        Assert.Equal("ann:hash\n", System.Text.Encoding.UTF8.GetString(secrets[1].Find("auth")!.Reveal().Span));
        var secret = secrets[0];
        Assert.Equal("cert", System.Text.Encoding.UTF8.GetString(secret.Find("tls.crt")!.Reveal().Span));
        Assert.Equal("key\n", System.Text.Encoding.UTF8.GetString(secret.Find("tls.key")!.Reveal().Span));
        Assert.Null(secret.Meta.CreationTimestamp);
        Assert.Empty(folder.Member.Problems);
        Assert.Equal(ManifestSet.Kinds, folder.Sink.Events.OfType<MemberEvent.Listed>().Select(static e => e.Kind));
    }

    [Fact]
    public async Task An_empty_folder_is_a_complete_list_of_nothing()
    {
        await using var folder = new FolderFixture();
        await folder.StartAsync();
        Assert.All(folder.Sink.Events.OfType<MemberEvent.Listed>(), static e => Assert.Empty(e.Items));
        Assert.Equal(ManifestSet.Kinds, folder.Sink.Events.OfType<MemberEvent.Listed>().Select(static e => e.Kind));
    }

    [Fact]
    public async Task A_file_written_in_place_is_taken()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        for (var port = 81; port < 91; port++)
        {
            folder.Write("a.yaml", FolderFixture.Service("a", port));
            var written = Stopwatch.GetTimestamp();
            await folder.Sink.UpsertedAsync<ServiceResource>("a", s => FolderFixture.PortOf(s) == port);
            output.WriteLine($"written to event: {Stopwatch.GetElapsedTime(written).TotalMilliseconds:0.0} ms");
        }

        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
    }

    [Fact]
    public async Task A_file_renamed_into_place_is_taken_whole_even_when_it_loses_objects()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b"));
        await folder.StartAsync();
        folder.WriteByRename("a.yaml", FolderFixture.Service("b", 90));
        await folder.Sink.UpsertedAsync<ServiceResource>("b", static s => FolderFixture.PortOf(s) == 90);
        await folder.Sink.DeletedAsync(ResourceKind.Service, "a");
    }

    [Fact]
    public async Task New_files_and_folders_are_found()
    {
        await using var folder = new FolderFixture();
        await folder.StartAsync();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.Sink.UpsertedAsync<ServiceResource>("a");
        folder.Write("new/folder/b.yaml", FolderFixture.Service("b"));
        await folder.Sink.UpsertedAsync<ServiceResource>("b");
        folder.Write("new/folder/b.yaml", FolderFixture.Service("b", 81));
        await folder.Sink.UpsertedAsync<ServiceResource>("b", static s => FolderFixture.PortOf(s) == 81);
    }

    [Fact]
    public async Task A_deleted_file_takes_its_objects_along()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        folder.Write("b.yaml", FolderFixture.Service("b"));
        await folder.StartAsync();
        File.Delete(folder.PathOf("a.yaml"));
        await folder.Sink.DeletedAsync(ResourceKind.Service, "a");
        Assert.Equal(["b"], folder.Services());
    }

    [Fact]
    public async Task A_renamed_file_keeps_its_objects()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.StartAsync();
        File.Move(folder.PathOf("a.yaml"), folder.PathOf("b.yaml"));
        folder.Write("mark.yaml", FolderFixture.Service("mark"));
        await folder.Sink.UpsertedAsync<ServiceResource>("mark");
        File.Delete(folder.PathOf("mark.yaml"));
        await folder.Sink.DeletedAsync(ResourceKind.Service, "mark");
        Assert.Equal(["a"], folder.Services());
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted { Key.Name: "a" });
    }

    [Fact]
    public async Task A_file_written_in_halves_never_loses_an_object()
    {
        await using var folder = new FolderFixture();
        var text = FolderFixture.Service("a") + "---\n" + FolderFixture.Service("b");
        folder.Write("a.yaml", text);
        await folder.StartAsync();
        var changed = text.Replace("port: 80", "port: 90", StringComparison.Ordinal);
        foreach (var cut in new[] { 0, 5, 40, changed.Length / 2, changed.Length - 3 })
        {
            folder.Write("a.yaml", changed[..cut]);

            // Another file's change shows that the folder has been looked at in between.
            folder.Write("mark.yaml", FolderFixture.Service("mark", 100 + cut));
            await folder.Sink.UpsertedAsync<ServiceResource>("mark");
        }

        folder.Write("a.yaml", changed);
        await folder.Sink.UpsertedAsync<ServiceResource>("b", static s => FolderFixture.PortOf(s) == 90);
        Assert.DoesNotContain(folder.Sink.Events, static e => e is MemberEvent.Deleted);
        Assert.Empty(folder.Member.Problems);
    }

    [Fact]
    public async Task A_file_that_stays_malformed_keeps_its_last_good_objects_and_is_a_problem_until_it_is_mended()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        folder.Write("b.yaml", FolderFixture.Service("b"));
        await folder.StartAsync();
        folder.Write("a.yaml", "apiVersion: v1\nkind: [Service\n");
        var problem = Assert.Single(await folder.ProblemsAsync(static p => p.Count == 1));
        Assert.Equal("a.yaml", problem.File);
        Assert.InRange(problem.Line, 2, 3);
        folder.Write("b.yaml", FolderFixture.Service("b", 90));
        await folder.Sink.UpsertedAsync<ServiceResource>("b");
        Assert.Equal(["a", "b"], folder.Services());
        folder.Write("a.yaml", FolderFixture.Service("a", 91));
        await folder.Sink.UpsertedAsync<ServiceResource>("a", static s => FolderFixture.PortOf(s) == 91);
        Assert.Empty(await folder.ProblemsAsync(static p => p.Count == 0));
    }

    [Fact]
    public async Task A_file_that_is_malformed_from_the_start_keeps_nobody_out()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", "kind: [");
        folder.Write("b.yaml", FolderFixture.Service("b"));
        await folder.StartAsync();
        Assert.Equal(["b"], folder.Services());
        Assert.Equal("a.yaml", Assert.Single(folder.Member.Problems).File);
        folder.Write("a.yaml", FolderFixture.Service("a"));
        await folder.Sink.UpsertedAsync<ServiceResource>("a");
    }

    [Fact]
    public async Task A_file_that_stays_empty_has_no_objects()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", FolderFixture.Service("a"));
        folder.Write("b.yaml", FolderFixture.Service("b"));
        await folder.StartAsync();
        folder.Write("a.yaml", "");
        await folder.Sink.DeletedAsync(ResourceKind.Service, "a");
        Assert.Equal(["b"], folder.Services());
    }

    [Fact]
    public async Task One_object_in_two_files_is_that_of_the_first_and_a_problem()
    {
        await using var folder = new FolderFixture();
        folder.Write("b.yaml", FolderFixture.Service("a", 82));
        folder.Write("a.yaml", FolderFixture.Service("a", 81));
        await folder.StartAsync();
        Assert.Equal(81, FolderFixture.PortOf((ServiceResource)folder.Sink.Known(ResourceKind.Service).Values.Single()));
        Assert.Equal(new FolderProblem("b.yaml", 1, "Service default/a is already in a.yaml, which counts"), Assert.Single(folder.Member.Problems));
        File.Delete(folder.PathOf("a.yaml"));
        await folder.Sink.UpsertedAsync<ServiceResource>("a", static s => FolderFixture.PortOf(s) == 82);
        Assert.Empty(await folder.ProblemsAsync(static p => p.Count == 0));
    }

    [Fact]
    public async Task A_bad_object_is_a_problem_and_hurts_no_other()
    {
        await using var folder = new FolderFixture();
        folder.Write("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: Bad_Name}\n---\n" + FolderFixture.Service("good")
            + "---\napiVersion: v1\nkind: Service\nmetadata: {name: wrong}\nspec: {ports: x}\n---\njust text\n---\napiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: old}\n---\nkind: Service\n");
        await folder.StartAsync();
        Assert.Equal(["good", "wrong"], folder.Services());
        Assert.Equal(
            [
                "a.yaml:1: Service: metadata.name \"Bad_Name\" is no DNS-1123 subdomain",
                "a.yaml:14: Service default/wrong: spec.ports: expected an array, found other text",
                "a.yaml:19: a manifest must be a mapping with apiVersion, kind and metadata",
                "a.yaml:21: Ingress of extensions/v1beta1 is no longer served by Kubernetes; write apiVersion: networking.k8s.io/v1",
                "a.yaml:25: apiVersion and kind must be there, both strings",
            ],
            folder.Member.Problems.Select(static p => p.ToString()));
        Assert.NotNull(folder.Sink.Known(ResourceKind.Service)[new ObjectKey("default", "wrong")].DecodeError);
    }
}
