using MultiCluster.Controller.Admin;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What "explain" tells of a request is what HAProxy does with it: generated requests to the Ingresses of all cases.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class ExplainTests(PolicyWorlds worlds)
{
    /// <summary>For each version: 5,000 with four of them.</summary>
    private const int Wanted = 1300;

    private const int Most = 4 * Wanted;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Explain_tells_what_the_proxy_does(HAProxyBinary binary)
    {
        var world = await worlds.GetAsync(binary);
        var requests = new ExplainRequests(binary.Version.Sum(static c => c), [.. worlds.CasesOf(binary).Where(static item => !item.IsFull)]);
        var wrong = new List<string>();
        var (compared, answered, refused) = (0, 0, 0);
        for (var i = 0; i < Most && compared < Wanted; i++)
        {
            var request = requests.Next();
            var question = ExplainQuestion.Read(request.Url, request.Method, request.Headers.Select(static header => $"{header.Name}: {header.Value}"), request.From.ToString(), out var problem);
            Assert.True(question is not null, $"{request}: {problem}");
            var view = await world.Product.Admin.ExplainAsync(question, CancellationToken.None);
            // What somebody else has a word in nobody can tell beforehand.
            if (view.Takers.Any(static taker => taker.Open.Count > 0))
                continue;
            using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, request.From);
            var answer = await client.SendAsync(new HttpMethod(request.Method), request.Url, sent =>
            {
                foreach (var (name, value) in request.Headers)
                    sent.TryAddWithoutValidation(name, value);
            });
            compared++;
            answered += answer.Echo?.Path is null ? 0 : 1;
            refused += view.Status is null ? 0 : 1;
            var told = view.Takers.Count == 0 ? [Told(view.Status!.Value, null)] : view.Takers.Select(Told).ToList();
            if (!told.Contains(Seen(answer)))
                wrong.Add($"{request}: explained is {string.Join(" or ", told)} ({view.Reason}), seen {Seen(answer)}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {compared} are not as explained:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(compared >= Wanted, $"only {compared} of {Most} requests could be compared");
        // Both kinds, or the comparison would show little.
        Assert.True(answered > Wanted / 5 && refused > Wanted / 5, $"endpoints answered {answered}, the proxy {refused} of {compared}");
    }

    private static string Told(TakerView taker) => taker.Status is { } status
        ? Told(status, taker.Location)
        : $"{taker.Route!.Backend.Split(':')[0]} with {taker.UpstreamPath}";

    private static string Told(int status, string? location) => $"{status} {location}";

    private static string Seen(Answer answer) => answer.Echo is { Path: not null } echo
        ? $"{echo.Namespace}/{echo.Service} with {echo.Path.Split('?')[0]}"
        : $"{(int)answer.Status} {answer.Headers.GetValueOrDefault("location")}";
}
