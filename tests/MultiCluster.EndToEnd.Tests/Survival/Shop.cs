using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>Two members in folders with a shop in both: what is killed and started again.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string Url = "http://shop.test/";
    public const string Service = "shop";

    private Shop(EchoPods pods, Setting setting)
    {
        Pods = pods;
        Setting = setting;
    }

    public EchoPods Pods { get; }

    public Setting Setting { get; }

    public static async Task<Shop> CreateAsync(HAProxyBinary binary, int poolSize = 64)
    {
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        IMemberDriver[] members = [new FolderMember("aws", Path.Combine(folder, "aws")), new FolderMember("gcp", Path.Combine(folder, "gcp"))];
        var shop = new Shop(await EchoPods.StartAsync(), new Setting(binary, members) { Folder = folder, PoolSize = poolSize });
        foreach (var member in members)
        {
            await member.ApplyAsync(Yaml.Join(
                Yaml.IngressClass(Yaml.Class),
                Yaml.Service(Service, Service),
                Yaml.Ingress(Service, Service, "shop.test", [Yaml.Path("/", "Prefix", Service)])));
            await shop.ReplacePodAsync(member);
        }

        return shop;
    }

    /// <returns>The only pod that the member has now.</returns>
    public async Task<Pod> ReplacePodAsync(IMemberDriver member)
    {
        var pod = Pods.New(member.Name, Service, Service);
        await member.ApplyAsync(Yaml.Slice(Service, Service, Pods.Port, [pod]));
        return pod;
    }

    public async Task<Pod[]> ReplacePodsAsync()
    {
        var pods = new List<Pod>();
        foreach (var member in Setting.Members)
            pods.Add(await ReplacePodAsync(member));
        return [.. pods];
    }

    /// <summary>Until only these answer.</summary>
    public async Task UntilPodsAsync(params Pod[] pods)
    {
        using var client = new ProxyClient(Setting.Http, Setting.Https);
        var wanted = pods.Select(static pod => pod.Name).Order(StringComparer.Ordinal).ToList();
        await Await.NothingMissingAsync(async () =>
        {
            var seen = new SortedSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < 4 * wanted.Count; i++)
                seen.Add(await AskAsync(client));
            return seen.SequenceEqual(wanted) ? null : $"answers of only {string.Join(' ', wanted)}; there are {string.Join(' ', seen)}";
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Setting.StopHAProxyAsync();
        await Pods.DisposeAsync();
    }

    private static async Task<string> AskAsync(ProxyClient client)
    {
        try
        {
            var answer = await client.GetAsync(Url);
            return answer.Echo?.Pod ?? answer.ToString();
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
    }
}
