using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>
/// Controllers and proxies as processes on loopback addresses of their own, a database that they share, members with services in them,
/// and clients that ask each proxy all the time.
/// </summary>
internal sealed class ControllerCluster : IAsyncDisposable
{
    /// <summary>A folder for the whole logs, which else only end up in the message of a failed wait, by their ends.</summary>
    private const string KeepLogsVariable = "MULTICLUSTER_KEEP_LOGS";

    private const string TlsSecret = "show-tls";
    private const int LinesOfLogs = 40;

    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMilliseconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-show-").FullName;
    private readonly ClusterSetting _setting;
    private readonly Dictionary<ClusterProxy, ProxyView> _before = [];
    private Dictionary<ClusterProxy, Load> _loads = [];
    private ClusterFiles _files = null!;
    private EchoPods _pods = null!;
    private ClusterAuthority? _authority;

    private ControllerCluster(ClusterSetting setting) => _setting = setting;

    public IReadOnlyList<ClusterProgram> Controllers { get; private set; } = [];

    public IReadOnlyList<ClusterProxy> Proxies { get; private set; } = [];

    public IReadOnlyList<ApiMember> Members { get; private set; } = [];

    public IReadOnlyList<ChangingService> Services { get; private set; } = [];

    public IClusterDatabase Database { get; private set; } = null!;

    /// <summary>Null without <see cref="ClusterSetting.CutPaths"/>.</summary>
    public NodePaths? Paths { get; private set; }

    /// <summary>Of the proxies that are under traffic.</summary>
    public IReadOnlyDictionary<ClusterProxy, Load> Loads => _loads;

    public GonePods Gone { get; } = new();

    public static async Task<ControllerCluster> StartAsync(ClusterSetting setting)
    {
        var cluster = new ControllerCluster(setting);
        try
        {
            await cluster.PrepareAsync();
            foreach (var program in cluster.Controllers.Concat(cluster.Proxies))
                program.Start();
            await cluster.WhenReadyAsync([.. cluster.Controllers, .. cluster.Proxies]);
            await cluster.UntilCurrentPodsAsync(cluster.Proxies);
            await cluster.StartLoadsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task WhenReadyAsync(params IReadOnlyList<ClusterProgram> programs)
    {
        try
        {
            foreach (var program in programs)
                await program.Process.WhenReadyAsync();
        }
        catch (Xunit.Sdk.XunitException late)
        {
            throw WithLogs(late);
        }
    }

    /// <summary>
    /// Until each controller owns its part of the shards and answers every other for it. The first one up has all for a while, and what
    /// happens to the others then would say little.
    /// </summary>
    public Task UntilSpreadAsync() => Await.NothingMissingAsync(async () =>
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var asked in Controllers)
        {
            var rows = await asked.JsonAsync<IReadOnlyList<ShardRowView>>("sharding", "list-shards");
            if (rows.FirstOrDefault(static row => row.Owner is null || row.Owner != row.Designated || row.Entities is null || row.Waiting.Count > 0) is { } moving)
                return $"shard {moving.Shard} at rest, as {asked.Name} sees it: {moving}";
            seen.Add(string.Join(' ', rows.Select(static row => $"{row.Shard}:{row.Owner}:{row.Epoch}")));
        }

        return seen.Count == 1 ? null : $"one view of the shards: {string.Join('\n', seen)}";
    });

    /// <summary>Another proxy, with a state directory of its own; not under traffic.</summary>
    public ClusterProxy AddProxy(string name)
    {
        var proxy = _files.Proxy(name);
        Proxies = [.. Proxies, proxy];
        return proxy;
    }

    /// <summary>Until on each proxy the pods of now answer, and no others.</summary>
    public async Task UntilCurrentPodsAsync(IEnumerable<ClusterProxy> proxies)
    {
        foreach (var proxy in proxies)
        {
            using var client = proxy.NewClient();
            foreach (var service in Services)
                await Await.NothingMissingAsync(async () => await DifferenceAsync(client, service) is { } what ? $"{proxy.Name}: {what}\n{Logs()}" : null);
        }
    }

    /// <returns>Null: the pods of now answer at once, and no others.</returns>
    public static async Task<string?> DifferenceAsync(ProxyClient client, ChangingService service)
    {
        var wanted = service.Current.Select(static pod => pod.Name).Order(StringComparer.Ordinal).ToList();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            for (var i = 0; i < 4 * wanted.Count; i++)
            {
                var answer = await client.GetAsync(service.Target.Url);
                seen.Add(answer.Echo?.Pod ?? answer.ToString());
            }
        }
        catch (HttpRequestException failure)
        {
            seen.Add(failure.Message);
        }

        return seen.SequenceEqual(wanted) ? null : $"{service.Target.Url} -> {string.Join(' ', wanted)}; there answer {string.Join(' ', seen)}";
    }

    /// <summary>Until HAProxy could start from disk with all that is known now.</summary>
    public async Task UntilStartFilesAsync()
    {
        foreach (var proxy in Proxies)
        {
            await Await.NothingMissingAsync(async () =>
                await proxy.Process.ProxyAsync() is var view && view.StartFileVersion == view.DesiredVersion && view.AppliedVersion == view.DesiredVersion
                    ? null
                    : $"a start file of {proxy.Name} with all in it; version {view.DesiredVersion} is wanted, {view.AppliedVersion} applied, {view.StartFileVersion} on disk");
        }
    }

    /// <summary>No request through the proxy has failed, and its HAProxy is the one of the start, never reloaded. Ends its traffic.</summary>
    public async Task<long> AssertUndisturbedAsync(ClusterProxy proxy)
    {
        var load = _loads[proxy];
        try
        {
            await load.AssertNoneFailedAsync();
        }
        catch (Xunit.Sdk.XunitException failed)
        {
            throw WithLogs(failed);
        }

        if (proxy.ProcessId is not null)
        {
            var (before, after) = (_before[proxy], await proxy.Process.ProxyAsync());
            Assert.Equal((before.MasterPid, before.WorkerPid), (after.MasterPid, after.WorkerPid));
            Assert.Equal((before.MasterReloads, 0, 0), (after.MasterReloads, after.ReloadsByReason.Count, after.FailedReloadsByReason.Count));
        }

        _loads = _loads.Where(item => item.Key != proxy).ToDictionary();
        await load.DisposeAsync();
        return load.Done;
    }

    /// <returns>Requests made.</returns>
    public async Task<long> AssertUndisturbedAsync()
    {
        var requests = 0L;
        foreach (var proxy in _loads.Keys.ToList())
            requests += await AssertUndisturbedAsync(proxy);
        return requests;
    }

    public Exception WithLogs(Exception cause) => new Xunit.Sdk.XunitException($"{cause.Message}\n{Logs()}");

    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads.Values)
            await load.DisposeAsync();
        foreach (var program in Controllers.Concat(Proxies))
            await program.DisposeAsync();
        foreach (var proxy in Proxies)
            await HAProxyFiles.StopAsync(proxy.StateDirectory);
        foreach (var member in Members)
            await member.DisposeAsync();
        if (Paths is not null)
            await Paths.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        if (_pods is not null)
            await _pods.DisposeAsync();
        _authority?.Dispose();
        await KeepLogsAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Traffic on the proxies that have none, judged from how their HAProxy is now.</summary>
    public async Task StartLoadsAsync()
    {
        foreach (var proxy in Proxies.Where(proxy => !_loads.ContainsKey(proxy)))
        {
            _before[proxy] = await proxy.Process.ProxyAsync();
            var load = Load.Start(proxy.Http, proxy.Https, new LoadOptions([.. Services.Select(static service => service.Target)], Clients: 2)
            {
                Pause = BetweenRequests,
                Objection = (answer, began) => Gone.Objection(proxy, answer, began),
            });
            _loads = new Dictionary<ClusterProxy, Load>(_loads) { [proxy] = load };
        }
    }

    private async Task PrepareAsync()
    {
        _pods = await EchoPods.StartAsync();
        Members = [await NewMemberAsync("aws"), await NewMemberAsync("gcp")];
        Services = [.. Enumerable.Range(0, _setting.Services).Select(i => new ChangingService($"web-{i}", _pods, Members))];
        var secret = Yaml.TlsSecret(ChangingService.Namespace, TlsSecret, [.. Services.Select(static service => service.Host)]);
        foreach (var member in Members)
        {
            await member.ApplyAsync(Yaml.Join(
                Yaml.IngressClass(Yaml.Class),
                secret,
                Yaml.Join(Services.Select(service => service.Manifests(member, TlsSecret)))));
        }

        Database = _setting.Database == DatabaseKind.Sqlite ? new SqliteDatabaseFile(_folder) : await PostgreSqlDatabaseServer.StartServerAsync();
        Paths = _setting.CutPaths ? new NodePaths() : null;
        _authority = _setting.MutualTls ? new ClusterAuthority(Path.Combine(_folder, "tls")) : null;
        _files = new ClusterFiles(_setting, _folder, Members, Database, Paths, _authority);
        Controllers = [.. Enumerable.Range(1, _setting.Controllers).Select(i => _files.Controller($"c{i}"))];
        Proxies = [.. Enumerable.Range(1, _setting.Proxies).Select(i => _files.Proxy($"p{i}"))];
    }

    private static async Task<ApiMember> NewMemberAsync(string name) => (ApiMember)await MemberDriver.StartAsync(Source.ApiServer, name, "");

    private async Task KeepLogsAsync()
    {
        if (Environment.GetEnvironmentVariable(KeepLogsVariable) is not { Length: > 0 } folder)
            return;
        var kept = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(_folder))).FullName;
        foreach (var program in Controllers.Concat(Proxies))
            await File.WriteAllLinesAsync(Path.Combine(kept, program.Name + ".log"), program.Lines);
    }

    private string Logs() => string.Join('\n', Controllers.Concat(Proxies).Select(static program => program.Tail(LinesOfLogs)));
}
