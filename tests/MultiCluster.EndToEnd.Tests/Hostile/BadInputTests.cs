using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Objects that are wrong: each is said on the object, and what stands beside it is served.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class BadInputTests(Worlds worlds)
{
    public static IEnumerable<object[]> Sources => Enum.GetValues<Source>().Select(static source => new object[] { source });

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_bad_path_costs_only_itself(Source source)
    {
        var world = await worlds.GetAsync(HAProxyBinaries.Default, source);
        await world.AddServiceAsync(world.Aws, "bad", "good");
        (string Name, string Path, string Condition, string Reason)[] table =
        [
            ("path-type", Yaml.Path("/bad", "Regex", "good"), "PartiallyInvalid", "InvalidPathType"),
            ("relative", Yaml.Path("bad", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("quote", Yaml.Path("/b\\\"ad", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("format", Yaml.Path("/%[src]", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("newline", Yaml.Path("/b\\nad", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("control", Yaml.Path("/b\\u0001ad", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("semicolon", Yaml.Path("/b;ad", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("unicode", Yaml.Path("/b\u00e4d", "Prefix", "good"), "PartiallyInvalid", "InvalidPath"),
            ("service", Yaml.Path("/bad", "Prefix", "absent"), "ResolvedRefs", "ServiceNotFound"),
            ("port", Yaml.Path("/bad", "Prefix", "good", "number: 9"), "ResolvedRefs", "ServicePortNotFound"),
        ];

        foreach (var (name, path, type, reason) in table)
        {
            await world.Aws.ApplyAsync(Yaml.Ingress("bad", name, $"{name}.bad.test", [Yaml.Path("/good", "Prefix", "good"), path]));
            var condition = await world.Product.UntilConditionAsync("bad", name, "aws", type, reason);
            Assert.Contains($"bad/{name}", condition.Message, StringComparison.Ordinal);
            await world.Product.UntilServiceAsync($"http://{name}.bad.test/good", "good");
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_bad_host_is_refused_whole(Source source)
    {
        var world = await worlds.GetAsync(HAProxyBinaries.Default, source);
        await world.AddServiceAsync(world.Aws, "bad-host", "good");
        foreach (var (name, host) in new[] { ("long", new string('a', 10_000)), ("stars", "a.*.test"), ("slash", "a/b"), ("address", "192.0.2.1") })
        {
            await world.Aws.ApplyAsync(Yaml.Ingress("bad-host", name, host, [Yaml.Path("/", "Prefix", "good")]));
            var condition = await world.Product.UntilConditionAsync("bad-host", name, "aws", "Accepted", "InvalidHost");
            Assert.Contains($"bad-host/{name}", condition.Message, StringComparison.Ordinal);
            Assert.True(condition.Message.Length < 1000, "the message repeats the whole host");
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_certificate_with_another_key_is_not_used(Source source)
    {
        var world = await worlds.GetAsync(HAProxyBinaries.Default, source);
        await world.AddServiceAsync(world.Aws, "bad-tls", "good");
        var (first, second) = (Yaml.TlsSecret("bad-tls", "mixed", "mixed.test").Split('\n'), Yaml.TlsSecret("bad-tls", "mixed", "mixed.test").Split('\n'));
        var mixed = string.Join('\n', first.Select((line, i) => line.Contains("tls.key", StringComparison.Ordinal) ? second[i] : line));
        await world.Aws.ApplyAsync(Yaml.Join(
            mixed, Yaml.Ingress("bad-tls", "mixed", "mixed.test", [Yaml.Path("/", "Prefix", "good")], tls: Yaml.Tls("mixed", "mixed.test"))));

        await world.Product.UntilConditionAsync("bad-tls", "mixed", "aws", "ResolvedRefs", "CertificateKeyMismatch");
        var answer = await world.Product.UntilServiceAsync("https://mixed.test/", "good");
        Assert.Equal("CN=MultiCluster default certificate", answer.Leaf!.Subject);
    }

    [Fact]
    public async Task A_malformed_file_changes_nothing_and_is_named()
    {
        var world = await worlds.GetAsync(HAProxyBinaries.Default, Source.Folder);
        var folder = (FolderMember)world.Aws;
        await world.AddServiceAsync(world.Aws, "malformed", "web");
        const string file = "malformed.yaml";
        var good = Yaml.Ingress("malformed", "web", "malformed.test", [Yaml.Path("/", "Prefix", "web")]);
        await folder.WriteAsync(file, good);
        await world.Product.UntilServiceAsync("http://malformed.test/", "web");

        foreach (var bad in new[] { good + "  rules: [\n", "kind: Ingress\n\tapiVersion: \"", "{]" })
        {
            await folder.WriteAsync(file, bad);
            await UntilProblemAsync(world, file);
            Assert.Equal("web", (await world.Product.Client.GetAsync("http://malformed.test/")).Service);
        }

        await folder.WriteAsync(file, good.Replace("malformed.test", "repaired.test", StringComparison.Ordinal));
        await world.Product.UntilServiceAsync("http://repaired.test/", "web");
        await world.Product.UntilStatusAsync("http://malformed.test/", 404);
    }

    [Fact]
    public async Task A_half_written_file_changes_nothing_until_it_is_closed()
    {
        var world = await worlds.GetAsync(HAProxyBinaries.Default, Source.Folder);
        var folder = (FolderMember)world.Aws;
        await world.AddServiceAsync(world.Aws, "half", "web");
        const string file = "half.yaml";
        var one = Yaml.Ingress("half", "one", "one.half.test", [Yaml.Path("/", "Prefix", "web")]);
        var two = Yaml.Ingress("half", "two", "two.half.test", [Yaml.Path("/", "Prefix", "web")]);
        await folder.WriteAsync(file, Yaml.Join(one, two));
        await world.Product.UntilServiceAsync("http://two.half.test/", "web");

        using (var writer = new StreamWriter(Path.Combine(folder.Folder, file), append: false))
        {
            await writer.WriteAsync(one.Replace("one.half", "new.half", StringComparison.Ordinal));
            await writer.FlushAsync();
            await UntilProblemAsync(world, file);
            foreach (var host in new[] { "one", "two" })
                Assert.Equal("web", (await world.Product.Client.GetAsync($"http://{host}.half.test/")).Service);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await world.Product.Client.GetAsync("http://new.half.test/")).Status);
            await writer.WriteAsync("---\n" + two);
        }

        await world.Product.UntilServiceAsync("http://new.half.test/", "web");
        await world.Product.UntilStatusAsync("http://one.half.test/", 404);
        Assert.Equal("web", (await world.Product.Client.GetAsync("http://two.half.test/")).Service);
    }

    private static Task UntilProblemAsync(World world, string file) => Await.NothingMissingAsync(async () =>
    {
        var problems = (await world.Product.Members.ListAsync(CancellationToken.None)).Single(static view => view.Member.Name == "aws").Member.Problems;
        return problems.Any(problem => problem.Contains(file, StringComparison.Ordinal)) ? null : $"a problem with {file}; there are: {string.Join(", ", problems)}";
    });
}
