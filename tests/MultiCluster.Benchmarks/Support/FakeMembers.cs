using System.Globalization;
using System.Text;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks.Support;

/// <summary>
/// Member clusters. Each has an Ingress with a host, a Service and a pod of its own, beside web/shop, which all of them have: one backend
/// with a server of each. Member i has the objects number i.
/// </summary>
internal sealed class FakeMembers : IAsyncDisposable
{
    public const string ShopHost = "shop.bench.example";
    private const int FirstFiller = 10_000;
    private const int FillerPort = 8080;

    /// <summary>The API servers are in this process, and the collector has to do with what they keep.</summary>
    private const int WatchHistory = 500;
    private static readonly ObjectKey Shop = new("web", "shop");

    private readonly List<FakeCluster> _clusters = [];
    private readonly Pods _pods;
    private readonly int[] _steps;

    private FakeMembers(int count, Pods pods)
    {
        _pods = pods;
        _steps = new int[count];
    }

    public FakeCluster this[int member] => _clusters[member];

    public static async Task<FakeMembers> StartAsync(int count, Pods pods)
    {
        var members = new FakeMembers(count, pods);
        try
        {
            for (var m = 0; m < count; m++)
                await members.AddAsync(m);
            return members;
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }

    /// <summary>Members of the configuration, the first so many.</summary>
    public string Configuration(int count) =>
        string.Join('\n', _clusters.Take(count).Select(static cluster => $"  {cluster.Name} {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}"));

    /// <summary>Of the first so many members' own hosts.</summary>
    public static IEnumerable<byte[]> Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(static m => HttpProbe.Request(Objects.Host(m))), HttpProbe.Request(ShopHost)];

    /// <summary>What a member's own pod answers.</summary>
    public byte[] Answer(int member) => Encoding.ASCII.GetBytes(Address(member));

    /// <summary>A member's own pod goes and another one comes, in one event.</summary>
    public void Replace(int member)
    {
        _steps[member]++;
        ApplyPod(member);
    }

    /// <summary>More Services with hosts and endpoints that nobody asks.</summary>
    /// <param name="endpoints">Of each Service.</param>
    public void Fill(int services, int endpoints)
    {
        for (var m = 0; m < _clusters.Count; m++)
        {
            for (var s = 0; s < services; s++)
            {
                var i = FirstFiller + (m * services) + s;
                Objects.ApplyIngress(_clusters[m], i);
                Objects.ApplyService(_clusters[m], i);
                (string, string)[] pods = [.. Enumerable.Range(0, endpoints).Select(e => (string.Create(CultureInfo.InvariantCulture, $"pod-{i}-{e}"), FillerAddress((i * endpoints) + e)))];
                Objects.ApplySlice(_clusters[m], i, FillerPort, pods);
            }
        }
    }

    /// <summary>All connections are cut, every request is refused from now on, and what a watch could go back to is forgotten.</summary>
    public void GoAway()
    {
        foreach (var cluster in _clusters)
        {
            cluster.Faults.Reset(null, int.MaxValue);
            foreach (var resource in ResourcePath.Watched)
                cluster.ResetWatches(resource);
            cluster.Compact();
        }
    }

    public void ComeBack() => _clusters.ForEach(static cluster => cluster.Faults.Clear());

    public Task WhenWatchedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_clusters.Select(cluster => cluster.WhenWatchedAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters)
            await cluster.DisposeAsync();
    }

    private async Task AddAsync(int member)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"m{member}");
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = name, History = WatchHistory });
        _clusters.Add(cluster);
        Objects.ApplyClass(cluster);
        Objects.ApplyIngress(cluster, member);
        Objects.ApplyService(cluster, member);
        ApplyPod(member);
        Objects.ApplyIngress(cluster, Shop, ShopHost, Shop.Name);
        Objects.ApplyService(cluster, Shop);
        Objects.ApplySlice(cluster, Shop, _pods.Port, ($"shop-{name}", _pods.Addresses[member]));
    }

    private void ApplyPod(int member) => Objects.ApplySlice(
        _clusters[member], member, _pods.Port, (string.Create(CultureInfo.InvariantCulture, $"pod-{member}-{_steps[member]}"), Address(member)));

    private string Address(int member) => _pods.Addresses[(member + _steps[member]) % _pods.Addresses.Count];

    private static string FillerAddress(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{1 + (number / 62_500)}.{number / 250 % 250}.{1 + (number % 250)}");
}
