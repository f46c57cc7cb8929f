using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>
/// How requests are spread over members. What is waited for is what the product says and HAProxy holds; then one sample is taken, which
/// fits or fails the test: samples that are taken until one fits pass by luck.
/// </summary>
internal static class Shares
{
    /// <summary>
    /// Of a sample for shares. HAProxy draws by chance: of 500 requests with a share of 70 % the sigma is 2.05 points, so that one sample
    /// in 70 is off by more than 5; of 2,000 it is 1.02, and one in a million is. Who fits within 5 points here does so in 500 at least as surely.
    /// </summary>
    public const int Requests = 2000;

    /// <summary>Points of a hundred that a share may be off.</summary>
    private const double Tolerance = 5;

    /// <summary>For who answers at all: half of the requests going elsewhere stays unseen once in 2^60.</summary>
    public const int LeastRequests = 60;

    /// <summary>Requests for each whole of the least share, so that its member is missed once in a million samples: e^-14.</summary>
    private const double RequestsPerLeast = 14;

    private const int AtOnce = 10;

    /// <summary>Until the product gives these shares and HAProxy holds them; then a sample has them within 5 points, and nothing from whoever has none.</summary>
    /// <param name="percent">By member; who is missing here has none.</param>
    public static async Task UntilAsync(IPEndPoint admin, ProxyClient client, string url, params (string Member, double Percent)[] percent)
    {
        var wanted = percent.Where(static item => item.Percent > 0).ToDictionary(static item => item.Member, static item => item.Percent, StringComparer.Ordinal);
        await ShareState.UntilAsync(admin, url, held => ShareState.AreSame(held, wanted), Text(wanted));
        await AssertAsync(() => MemberAsync(client, url), url, wanted);
    }

    /// <summary>Until the product gives something to just these members and HAProxy holds that; then just they answer a sample.</summary>
    public static async Task UntilMembersAsync(IPEndPoint admin, ProxyClient client, string url, params string[] members)
    {
        var held = await ShareState.UntilAsync(admin, url, held => held.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(members), $"shares of just {string.Join(", ", members)}");
        await AssertMembersAsync(() => MemberAsync(client, url), url, held.Values.Min(), members);
    }

    /// <summary>
    /// For what no state tells: HAProxy passes over an endpoint that nobody checks, or refuses its server, or runs without anybody who knows
    /// what is in it. Until a first sample has just these members, of as many requests as the one after it, which has to have them, too.
    /// </summary>
    public static async Task UntilSeenAsync(ProxyClient client, string url, params string[] members)
    {
        var share = 100.0 / members.Length;
        await Await.NothingMissingAsync(async () => Strangers(url, await SampleAsync(() => MemberAsync(client, url), RequestsFor(share)), members));
        await AssertMembersAsync(() => MemberAsync(client, url), url, share, members);
    }

    /// <param name="ask">Who answers a request.</param>
    public static async Task AssertAsync(Func<Task<string>> ask, string url, IReadOnlyDictionary<string, double> wanted)
    {
        var sample = await SampleAsync(ask, Requests);
        var shares = sample.ToDictionary(static item => item.Key, static item => 100.0 * item.Value / Requests, StringComparer.Ordinal);
        Assert.True(
            shares.Keys.Union(wanted.Keys).All(member => Fits(shares.GetValueOrDefault(member), wanted.GetValueOrDefault(member))),
            $"{url} -> {Text(wanted)}; of {Requests} requests it was {Text(shares)}");
    }

    /// <param name="ask">Who answers a request.</param>
    /// <param name="leastPercent">What the one with the smallest share has.</param>
    public static async Task AssertMembersAsync(Func<Task<string>> ask, string url, double leastPercent, params string[] members)
    {
        var strangers = Strangers(url, await SampleAsync(ask, RequestsFor(leastPercent)), members);
        Assert.True(strangers is null, strangers);
    }

    /// <returns>Requests by who answered.</returns>
    private static async Task<IReadOnlyDictionary<string, int>> SampleAsync(Func<Task<string>> ask, int requests)
    {
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (_, _) => counts.AddOrUpdate(await ask(), 1, static (_, count) => count + 1));
        return counts;
    }

    /// <summary>The member that answered, or the answer where no pod did.</summary>
    private static async Task<string> MemberAsync(ProxyClient client, string url)
    {
        var answer = await client.GetAsync(url);
        return answer.Echo?.Member ?? answer.ToString();
    }

    private static string? Strangers(string url, IReadOnlyDictionary<string, int> sample, string[] members) =>
        sample.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(members)
            ? null
            : $"{url} -> {string.Join(' ', members)}; there answer {string.Join(", ", sample.Select(static item => $"{item.Key} {item.Value} times"))}";

    private static int RequestsFor(double leastPercent) => Math.Max(LeastRequests, (int)Math.Ceiling(100 * RequestsPerLeast / leastPercent));

    private static bool Fits(double percent, double wanted) => wanted == 0 ? percent == 0 : Math.Abs(percent - wanted) <= Tolerance;

    public static string Text(IEnumerable<KeyValuePair<string, double>> shares) =>
        string.Join(", ", shares.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Value:0.##} %")));
}
