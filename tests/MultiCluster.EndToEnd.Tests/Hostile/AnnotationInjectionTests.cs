using System.Text.Json.Nodes;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Every annotation of ours and of the three controllers holding hostile values, through the product into HAProxy.</summary>
public sealed class AnnotationInjectionTests
{
    /// <summary>Of all hostile values, for each key; the next key has the next ones.</summary>
    private const int ValuesOfEach = 4;

    private const string Namespace = "injected";

    /// <summary>Nothing at all, and a quarter of what all annotations of an object may have.</summary>
    private static readonly IReadOnlyList<string> Values = [.. HostileValues.All, "", new string('a', 64 * 1024)];

    /// <summary>Words that get a reader to look further before it meets what is wrong.</summary>
    private static readonly string[] Starts = ["", "X-A: ", "10.0.0.0/8,", "/a(", "https://a.example/", "500", "shop/"];

    // The oldest with a fixed pool, and the newest, where backends have names made of objects' names.
    public static IEnumerable<object[]> Versions =>
        new[] { HAProxyBinaries.List[0], HAProxyBinaries.List[^1] }.Distinct().Select(static binary => new object[] { binary });

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task No_value_of_an_annotation_becomes_a_command_or_hurts_another_ingress(HAProxyBinary binary)
    {
        await using var pods = await EchoPods.StartAsync();
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = "aws" });
        var member = new ApiMember(cluster);
        await member.ApplyAsync(Yaml.Join(
            Yaml.IngressClass(Yaml.Class), Yaml.Service(Namespace, "app"), Yaml.Slice(Namespace, "app", pods.Port, [pods.New("aws", Namespace, "app")]),
            Yaml.Ingress(Namespace, "control", "control.test", [Yaml.Path("/", "Prefix", "app")])));
        var transcript = new CommandTranscript();
        await using var product = await Product.StartAsync(new Setting(binary, [member]) { PoolSize = 4096 }, transcript);
        await product.UntilServiceAsync("http://control.test/", "app");
        var worker = (await product.ProxyAsync()).WorkerPid;
        await using var load = Load.Start(product.Setting, "http://control.test/", "app", clients: 1);

        var number = 0;
        foreach (var known in Keys())
        {
            for (var i = 0; i < ValuesOfEach; i++, number++)
            {
                foreach (var item in Objects(known, number, Value(number)))
                    cluster.Apply(item);
            }
        }

        await member.ApplyAsync(Yaml.Ingress(Namespace, "sentinel", "sentinel.test", [Yaml.Path("/", "Prefix", "app")]));
        await product.UntilServiceAsync("http://sentinel.test/", "app");
        await Await.NothingMissingAsync(async () =>
            await product.ProxyAsync() is { State: "Serving" } proxy && proxy.AppliedVersion == proxy.DesiredVersion ? null : "everything applied");

        var strangers = transcript.Strangers();
        Assert.True(strangers.Count == 0, $"{strangers.Count} of {transcript.Count} lines are no planned commands, such as {string.Join(" | ", strangers.Take(3))}");
        Assert.True(transcript.Count > number, "the transcript is too short for the objects");
        Assert.All(
            (await product.Admin.IngressesAsync(CancellationToken.None)).SelectMany(static item => item.Conditions),
            static condition => Assert.DoesNotContain(condition.Message, static c => char.IsControl(c)));
        var after = await product.ProxyAsync();
        Assert.Equal((worker, 0, 0L), (after.WorkerPid, after.ReloadsByReason.Count, after.CommandsRefused));
        await load.AssertNoneFailedAsync();
    }

    private static string Value(int number) => Values[number % Values.Count] is { Length: > 0 } value ? Starts[number % Starts.Length] + value : "";

    private static IEnumerable<KnownAnnotation> Keys() =>
        from family in AnnotationIndex.Families
        where family.Name is "multicluster" or "haproxy" or "haproxy-ingress" or "nginx"
        from entry in family.Entries
        where entry.Places != AnnotationPlaces.Global
        select new KnownAnnotation(family, entry);

    private static IEnumerable<JsonObject> Objects(KnownAnnotation known, int number, string value)
    {
        var name = $"a{number}";
        var ofIngress = known.Entry.Places.HasFlag(AnnotationPlaces.Ingress);
        if (!ofIngress)
        {
            yield return Annotated("v1", "Service", name, known.Name, value, new JsonObject
            {
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 8080 }),
            });
        }

        var service = new JsonObject { ["service"] = new JsonObject { ["name"] = ofIngress ? "app" : name, ["port"] = new JsonObject { ["number"] = 8080 } } };
        yield return Annotated("networking.k8s.io/v1", "Ingress", name, ofIngress ? known.Name : "note", ofIngress ? value : "", new JsonObject
        {
            ["ingressClassName"] = Yaml.Class,
            ["rules"] = new JsonArray(new JsonObject
            {
                ["host"] = $"{name}.injected.test",
                ["http"] = new JsonObject { ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix", ["backend"] = service }) },
            }),
        });
    }

    private static JsonObject Annotated(string version, string kind, string name, string annotation, string value, JsonObject spec) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace, ["annotations"] = new JsonObject { [annotation] = value } },
        ["spec"] = spec,
    };
}
