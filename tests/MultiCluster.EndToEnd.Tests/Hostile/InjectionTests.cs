using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Every string of every object holding every hostile value, and what reaches HAProxy then.</summary>
public sealed class InjectionTests
{
    /// <summary>Where every hostile value is wrong, and has to be said so on the Ingress.</summary>
    private static readonly string[] AlwaysWrong =
    [
        "Ingress.spec.rules[0].host",
        "Ingress.spec.rules[0].http.paths[0].pathType",
        "Ingress.spec.rules[0].http.paths[0].backend.service.name",
        "Ingress.spec.rules[0].http.paths[0].backend.service.port.name",
        "Ingress.spec.rules[0].http.paths[0].path",
        "Ingress.spec.ingressClassName",
        "Ingress.spec.tls[0].secretName",
        "Ingress.spec.tls[0].hosts[0]",
        "IngressClass.spec.controller",
        "Secret.data.tls.crt",
        "Secret.data.tls.key",
        "Secret.type",
        "Service.spec.ports[0].name",
        "Service.spec.ports[0].protocol",
        "EndpointSlice.endpoints[0].addresses[0]",
        "unusual Service.spec.externalName",
        "unusual EndpointSlice.endpoints[0].addresses[0]",
        "unusual Ingress.metadata.annotations.kubernetes.io/ingress.class",
    ];

    /// <summary>So many times fewer sets come from a folder: what differs there is only how objects are read.</summary>
    private const int FolderShare = 7;

    // The oldest with a fixed pool, and the newest, where backends have names made of objects' names.
    public static IEnumerable<object[]> Versions =>
        new[] { HAProxyBinaries.List[0], HAProxyBinaries.List[^1] }.Distinct().Select(static binary => new object[] { binary });

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task No_value_of_an_object_becomes_a_command(HAProxyBinary binary)
    {
        await using var pods = await EchoPods.StartAsync();
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "aws" });
        var member = new ApiMember(cluster);
        var manifests = new FolderMember("gcp", Path.Combine(folder, "gcp"));
        await member.ApplyAsync(Control("control", pods));
        var transcript = new RecordingTranscript();
        await using var product = await Product.StartAsync(new Setting(binary, [member, manifests]) { Folder = folder, PoolSize = 4096 }, transcript);
        await product.UntilServiceAsync("http://control.test/", "control");
        var worker = (await product.ProxyAsync()).WorkerPid;
        await using var load = Load.Start(product.Setting, "http://control.test/", "control", clients: 1);

        var secret = new YamlSecret(Yaml.TlsSecret("x", "x", "*.hostile.test"));
        var address = pods.New("aws", HostileObjects.Namespace, "hostile").Address.ToString();
        List<HostileSet> sets = [.. new HostileObjects(address, pods.Port, secret.Certificate, secret.Key).Sets()];
        List<HostileSet> written = [.. new HostileObjects(address, pods.Port, secret.Certificate, secret.Key, "f", FolderShare).Sets()];
        foreach (var item in sets.SelectMany(static set => set.Objects))
            cluster.Apply(item);
        foreach (var set in written)
            await manifests.WriteAsync(FileOf(set), string.Join("\n---\n", set.Objects.Select(static item => item.ToJsonString())) + "\n");
        await member.ApplyAsync(Control("sentinel", pods));
        await manifests.ApplyAsync(Control("written", pods));
        await product.UntilServiceAsync("https://sentinel.test/", "sentinel");
        await product.UntilServiceAsync("https://written.test/", "written");
        await SettledAsync(product);

        Assert.True(transcript.Count > sets.Count, "the transcript is too short for the objects");
        var strangers = transcript.Strangers();
        Assert.True(strangers.Count == 0, $"{strangers.Count} lines are no planned commands, such as {string.Join(" | ", strangers.Take(3))}");
        await AssertSaidAsync(product, [.. sets, .. written]);
        var proxy = await product.ProxyAsync();
        Assert.Equal((worker, 0, 0L), (proxy.WorkerPid, proxy.ReloadsByReason.Count, proxy.CommandsRefused));
        await load.AssertNoneFailedAsync();
    }

    private static string FileOf(HostileSet set) => $"{set.Name}.yaml";

    private static Task SettledAsync(Product product) => Await.NothingMissingAsync(async () =>
    {
        var before = await product.ProxyAsync();
        return before.AppliedVersion == before.DesiredVersion && before.State == "Serving"
            ? null
            : $"version {before.DesiredVersion} applied; it is {before.AppliedVersion}, {before.State}: {before.StateReason}";
    });

    /// <summary>Conditions name the object and a reason; a good Ingress beside them stays good.</summary>
    private static async Task AssertSaidAsync(Product product, List<HostileSet> sets)
    {
        // The first is served before the last file is read.
        await Await.NothingMissingAsync(async () =>
            await SilentAsync(product, sets) is { Count: > 0 } silent ? $"a word on {silent.Count} wrong values: {string.Join("\n", silent.Take(20))}" : null);
        Assert.All(
            (await product.Admin.IngressesAsync(CancellationToken.None)).SelectMany(static item => item.Conditions),
            static condition => Assert.DoesNotContain(condition.Message, static c => char.IsControl(c)));
    }

    private static async Task<List<string>> SilentAsync(Product product, List<HostileSet> sets)
    {
        var ingresses = (await product.Admin.IngressesAsync(CancellationToken.None)).ToDictionary(static item => item.Name);
        var problems = (await product.Members.ListAsync(CancellationToken.None)).Single(static view => view.Member.Name == "gcp").Member.Problems;
        var silent = new List<string>();
        foreach (var set in sets.Where(static set => AlwaysWrong.Contains(set.Field)))
        {
            var complaint = ingresses.GetValueOrDefault(set.Name)?.Conditions.FirstOrDefault(IsComplaint);
            if (complaint?.Message.Contains($"{HostileObjects.Namespace}/{set.Name}", StringComparison.Ordinal) == true)
                continue;
            // Of a file the member itself complains, if it holds what is no such object at all.
            if (!problems.Any(problem => problem.StartsWith(FileOf(set) + ":", StringComparison.Ordinal)))
                silent.Add($"{set.Field} = \"{HostileValues.Show(set.Value)}\": {complaint?.ToString() ?? "no condition"}");
        }

        return silent;
    }

    private static bool IsComplaint(ConditionView condition) => condition switch
    {
        { Type: "Accepted" or "ResolvedRefs", Status: false } => true,
        { Type: "PartiallyInvalid", Status: true } => true,
        _ => false,
    };

    private static string Control(string name, EchoPods pods) => Yaml.Join(
        Yaml.IngressClass(Yaml.Class),
        Yaml.TlsSecret(name, name, $"{name}.test"),
        Yaml.Service(name, name),
        Yaml.Slice(name, name, pods.Port, [pods.New("aws", name, name)]),
        Yaml.Ingress(name, name, $"{name}.test", [Yaml.Path("/", "Prefix", name)], tls: Yaml.Tls(name, $"{name}.test")));

    /// <summary>The two fields of a Secret's manifest.</summary>
    private sealed record YamlSecret(string Manifest)
    {
        public string Certificate => Field("tls.crt");

        public string Key => Field("tls.key");

        private string Field(string name)
        {
            var line = Manifest.Split('\n').Single(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal));
            return line[(line.IndexOf(':') + 1)..].Trim();
        }
    }
}
