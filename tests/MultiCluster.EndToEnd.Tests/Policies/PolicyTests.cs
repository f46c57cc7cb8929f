using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What annotations of Ingresses and Services do to requests, through the product and every HAProxy at hand; the cases are in files.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class PolicyTests(PolicyWorlds worlds)
{
    public static TheoryData<HAProxyBinary, string> Files
    {
        get
        {
            var data = new TheoryData<HAProxyBinary, string>();
            foreach (var binary in HAProxyBinaries.List)
            {
                foreach (var file in PolicyCases.All.Select(static item => item.File).Distinct(StringComparer.Ordinal))
                    data.Add(binary, file);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Requests_get_what_annotations_say(HAProxyBinary binary, string file)
    {
        var world = await worlds.GetAsync(binary);
        var failed = new List<string>();
        foreach (var item in PolicyCases.All.Where(item => item.File == file && (item.Least is null || Version.Parse(binary.Version) >= item.Least)))
        {
            foreach (var exchange in item.Exchanges)
                failed.AddRange((await AskAsync(world, item, exchange)).Select(wrong => $"{item}: {exchange}: {wrong}"));
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        await world.AssertUndisturbedAsync();
    }

    /// <summary>A key that is said to be supported is shown to be.</summary>
    [Fact]
    public void Every_supported_annotation_of_the_other_controllers_has_a_case()
    {
        var shown = PolicyCases.All.SelectMany(static item => item.Annotations.Concat(item.ServiceAnnotations)).Select(static item => item.Name).ToHashSet(StringComparer.Ordinal);
        var missing =
            from family in AnnotationIndex.Families
            where family.Name is "haproxy" or "haproxy-ingress" or "nginx"
            from entry in family.Entries
            where entry.Status == AnnotationStatus.Supported && (entry.Places & (AnnotationPlaces.Ingress | AnnotationPlaces.Service)) != AnnotationPlaces.None
            where !shown.Contains(family.Prefix + entry.Key)
            select family.Prefix + entry.Key;
        Assert.Empty(missing);
    }

    private static async Task<List<string>> AskAsync(FederatedWorld world, PolicyCase item, Exchange exchange)
    {
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, exchange.From);
        var url = exchange.Url.StartsWith('/') ? $"http://{item.Host}{exchange.Url}" : InCase(exchange.Url);
        Answer answer = null!;
        for (var i = 0; i < exchange.Times; i++)
        {
            answer = await client.SendAsync(new HttpMethod(exchange.Method), url, headers =>
            {
                foreach (var (name, value) in exchange.Headers)
                    headers.TryAddWithoutValidation(name, InCase(value));
            });
        }

        var wrong = new List<string>();
        if ((int)answer.Status != exchange.Status)
            wrong.Add($"answers {answer}, not {exchange.Status}");
        foreach (var expected in exchange.Expected)
        {
            var found = expected.Place switch
            {
                Place.Answer => answer.Headers.GetValueOrDefault(expected.Name),
                Place.Pod => answer.Echo?.Headers.FirstOrDefault(header => string.Equals(header.Key, expected.Name, StringComparison.OrdinalIgnoreCase)).Value,
                _ => answer.Echo?.Path,
            };
            var value = expected.Value is null ? null : InCase(expected.Value);
            if (!string.Equals(found, value, StringComparison.Ordinal))
                wrong.Add($"{expected.Place} {expected.Name} is {(found is null ? "not there" : $"\"{found}\"")}, not {(value is null ? "absent" : $"\"{value}\"")}");
        }

        return wrong;

        string InCase(string text) => text.Replace("{host}", item.Host, StringComparison.Ordinal);
    }
}
