using System.Net;
using System.Text.RegularExpressions;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Every case loses its policy and gets it again, with the Secrets and ConfigMaps that it names, while requests come.</summary>
[Collection(PolicyDefinition.Name)]
public sealed partial class PolicyChangeTests(PolicyWorlds worlds, ITestOutputHelper output)
{
    /// <summary>Cases that change at once.</summary>
    private const int AtOnce = 36;

    /// <summary>Of the load, so that no limit of a case counts it.</summary>
    private static readonly IPAddress Source = IPAddress.Parse("127.77.0.1");

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task No_request_fails_while_Ingresses_lose_their_policies_and_get_them(HAProxyBinary binary)
    {
        var world = await worlds.GetAsync(binary);
        var member = world[PolicyWorlds.Member];
        var cases = worlds.CasesOf(binary).Where(static item => item.Keys.Any()).ToList();
        await using var load = await ChangeLoad.StartAsync(world, member);
        foreach (var batch in cases.Chunk(AtOnce))
        {
            await load.WatchAsync(batch.Where(static item => !item.IsFull).Select(item => Target(world, item)));
            foreach (var item in batch)
                await member.ApplyAsync(Yaml.Join(PolicyWorlds.Service(item.Plain), PolicyWorlds.Ingress(item.Plain)));
            await load.StepAsync();
            foreach (var manifest in batch.SelectMany(Named))
                await member.DeleteAsync(manifest);
            await load.LookAtPlainAsync();

            foreach (var manifest in batch.SelectMany(Named))
                await member.ApplyAsync(manifest);
            foreach (var item in batch)
                await member.ApplyAsync(Yaml.Join(PolicyWorlds.Service(item), PolicyWorlds.Ingress(item)));
            await load.StepAsync();
            foreach (var item in batch.Where(static item => item.Objects.Count + item.ServiceAnnotations.Count > 0))
                await UntilRightAsync(world, item);
            await load.RoundAsync();
        }

        await load.AssertNoneFailedAsync();
        output.WriteLine($"policies haproxy={binary.Version} cases={cases.Count} keys={cases.SelectMany(static item => item.Keys).Distinct(StringComparer.Ordinal).Count()} answers={load.Answers}");
        await world.AssertUndisturbedAsync();
    }

    /// <summary>What Ingresses name, of a case's objects.</summary>
    private static IEnumerable<string> Named(PolicyCase item) => item.Objects.Where(static manifest => Kind().IsMatch(manifest)).Select(item.Fill);

    [GeneratedRegex("^kind: (Secret|ConfigMap)$", RegexOptions.Multiline)]
    private static partial Regex Kind();

    /// <summary>Objects come in no order.</summary>
    private static async Task UntilRightAsync(FederatedWorld world, PolicyCase item)
    {
        await using var run = new PolicyRun(world, item);
        if (Steady(item) is { } exchange)
            await Await.NothingMissingAsync(async () => await run.WrongAsync(exchange) is { Count: > 0 } wrong ? $"{item}: {exchange}: {string.Join("; ", wrong)}" : null);
    }

    private static ChangeTarget Target(FederatedWorld world, PolicyCase item)
    {
        var exchange = Steady(item);
        IReadOnlyCollection<int> wanted = exchange is null ? [200] : item.Exchanges.Where(other => IsSteady(item, other) && other.Url == exchange.Url).Select(static other => other.Status).Distinct().ToList();
        // Of several objects some may be read before the others: while a part of what guards access is missing, nobody is let in.
        if (item.ServiceAnnotations.Count > 0 || Named(item).Any())
            wanted = [.. wanted, 403];
        var asked = exchange ?? new Exchange("GET", (item.HasTls ? $"https://{item.Host}" : "") + item.Route.Path, null, 1, false, [], 200, []) { As = item.Exchanges[0].As };
        // Nor does a connection show a certificate that it was not asked for when it began.
        if (asked.As is not null)
            wanted = [.. wanted, 400, 496];
        return new ChangeTarget($"{item}", wanted, () => PolicyRun.Client(world, asked, Source), client => PolicyRun.SendOnceAsync(client, item, asked));
    }

    private static Exchange? Steady(PolicyCase item) => item.Exchanges.FirstOrDefault(exchange => IsSteady(item, exchange));

    /// <summary>It can be asked over and over, and is answered at once.</summary>
    private static bool IsSteady(PolicyCase item, Exchange exchange) =>
        exchange is { IsHeld: false, Body: null, ServerName: null, Status: > 0, Method: not PolicyRun.Tunnel } && exchange.Over == TimeSpan.Zero
        && !exchange.Headers.Any(static header => header.Name is EchoPods.DelayHeader or EchoPods.NoneHeader)
        && !item.More.Any(path => item.Empty.Contains(path.Service) && exchange.Url.StartsWith(path.Path, StringComparison.Ordinal));
}
