using System.Collections.Concurrent;
using System.Globalization;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>How requests are spread over members, sampled as Gateway API's suite samples weights.</summary>
internal static class Shares
{
    /// <summary>Of a sample.</summary>
    public const int Requests = 500;

    /// <summary>Points of a hundred that a share may be off.</summary>
    private const double Tolerance = 5;

    private const int AtOnce = 10;

    /// <returns>Requests by the member that answered, or by the answer where no pod did.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> SampleAsync(ProxyClient client, string url, int requests = Requests)
    {
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
        {
            var answer = await client.GetAsync(url);
            counts.AddOrUpdate(answer.Echo?.Member ?? answer.ToString(), 1, static (_, count) => count + 1);
        });
        return counts;
    }

    /// <summary>Until a whole sample is as wanted: shares within 5 points, and nothing from whoever has none.</summary>
    /// <param name="percent">By member; who is missing here has none.</param>
    public static Task UntilAsync(ProxyClient client, string url, params (string Member, double Percent)[] percent) => Await.NothingMissingAsync(async () =>
    {
        var sample = await SampleAsync(client, url);
        var wanted = percent.ToDictionary(static item => item.Member, static item => item.Percent, StringComparer.Ordinal);
        var fits = sample.Keys.Union(wanted.Keys).All(member => Fits(sample.GetValueOrDefault(member), wanted.GetValueOrDefault(member)));
        return fits ? null : $"{url} -> {Text(wanted.Select(static item => (item.Key, item.Value)))}; it is {Text(sample.Select(static item => (item.Key, Percent(item.Value))))}";
    });

    /// <summary>Until as many requests in a row were answered by just these members.</summary>
    public static Task UntilMembersAsync(ProxyClient client, string url, params string[] members) => Await.NothingMissingAsync(async () =>
    {
        var sample = await SampleAsync(client, url, RequestsFor(members.Length));
        return sample.Keys.Order(StringComparer.Ordinal).SequenceEqual(members.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            ? null
            : $"{url} -> {string.Join(' ', members)}; there answer {string.Join(", ", sample.Select(static item => $"{item.Key} {item.Value} times"))}";
    });

    /// <summary>So that a member with an equal share is missed once in a thousand samples at most.</summary>
    private static int RequestsFor(int members) => members * 10;

    private static bool Fits(int count, double percent) => percent == 0 ? count == 0 : Math.Abs(Percent(count) - percent) <= Tolerance;

    private static double Percent(int count) => 100.0 * count / Requests;

    private static string Text(IEnumerable<(string Member, double Percent)> shares) =>
        string.Join(", ", shares.OrderBy(static item => item.Member, StringComparer.Ordinal).Select(static item => string.Create(CultureInfo.InvariantCulture, $"{item.Member} {item.Percent:0.#} %")));
}
